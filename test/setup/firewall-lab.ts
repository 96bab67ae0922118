import { randomBytes, randomInt } from "node:crypto";

import { runProgram } from "../../modules/engine/run-program.ts";

/** Two networks with hosts and a router between them, and a place outside; all on this machine. */
export interface FirewallLab {
  readonly bridges: readonly [string, string];
  readonly gateway4: string;
  readonly gateway6: string;
  /** Hosts: `first` and `neighbour` on one network, `second` on the other. */
  readonly first: LabHost;
  readonly neighbour: LabHost;
  readonly second: LabHost;
  /** On a network that is none of the product's, and to which the engine's host routes. */
  readonly outside: LabHost;
  /**
   * Whether a host gets an answer: one packet, one second. IPv6 also in the control lab, IPv4 only where
   * the firewall drops it: the host has no IPv4 route back, and its answer would leave the machine.
   */
  ping(from: LabHost, address: string): Promise<boolean>;
  connects(from: LabHost, address: string, port: number): Promise<boolean>;
  /** Default routes of both networks' hosts by way of the engine's host, neighbour entries forged. */
  routeThroughHost(): Promise<void>;
  /** Default routes of both networks' hosts by way of the router container. */
  routeThroughRouter(): Promise<void>;
  remove(): Promise<void>;
}

export interface LabHost {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

/** Makes the lab with bridges named `<bridgePrefix>` and 12 hex digits, as the product's are with `smp`. */
export async function buildFirewallLab(image: string, bridgePrefix: string): Promise<FirewallLab> {
  const id = randomBytes(5).toString("hex");
  const net = labNumbers();
  const bridges = [`${bridgePrefix}${id}01`, `${bridgePrefix}${id}02`] as const;
  const host = (name: string, segment: number, number: number): LabHost => ({
    name: `fwlab-${id}-${name}`,
    ipv4: `${net.v4(segment)}.${number}`,
    ipv6: `${net.v6(segment)}::${number}`,
  });
  const first = host("first", 1, 10);
  const neighbour = host("neighbour", 1, 11);
  const second = host("second", 2, 10);
  const router = host("router", 1, 2);
  const outside = host("outside", 3, 10);
  const networks = [1, 2, 3].map((segment) => `fwlab-${id}-${segment}`);

  const remove = async (): Promise<void> => {
    const names = [first, neighbour, second, router, outside].map(({ name }) => name);
    await run(`docker rm --force ${names.join(" ")}`);
    await run(`docker network rm ${networks.join(" ")}`);
  };

  const routeThroughRouter = async (): Promise<void> => {
    await Promise.all([
      setDefaultRoute(first, `${net.v4(1)}.2`, `${net.v6(1)}::2`),
      setDefaultRoute(second, `${net.v4(2)}.2`, `${net.v6(2)}::2`),
    ]);
  };

  const routeThroughHost = async (): Promise<void> => {
    const ways = [first, second].map(async (from, index) => {
      const segment = index === 0 ? 1 : 2;
      const gateways = [`${net.v4(segment)}.1`, `${net.v6(segment)}::1`] as const;
      const mac = (await must(`cat /sys/class/net/${bridges[segment - 1]}/address`)).trim();
      await forgeNeighbours(from, mac, [...gateways, "fe80::1"]);
      await setDefaultRoute(from, ...gateways);
    });
    await Promise.all(ways);
  };

  try {
    for (const [index, bridge] of [...bridges, `fwl${id}03`].entries())
      await createNetwork(`fwlab-${id}-${index + 1}`, bridge, net, index + 1);
    for (const each of [first, neighbour, router]) await startHost(each, `fwlab-${id}-1`, image);
    await startHost(second, `fwlab-${id}-2`, image);
    await startHost(outside, `fwlab-${id}-3`, image);
    await must(
      `docker network connect --ip ${net.v4(2)}.2 --ip6 ${net.v6(2)}::2 ${networks[1]} ${router.name}`,
    );
  } catch (error) {
    await remove();
    throw error;
  }

  return {
    bridges,
    gateway4: `${net.v4(1)}.1`,
    gateway6: `${net.v6(1)}::1`,
    first,
    neighbour,
    second,
    outside,
    ping: (from, address) => inside(from, `ping -c 1 -W 1 ${address}`),
    connects: (from, address, port) => inside(from, `nc -z -w 1 ${address} ${port}`),
    routeThroughHost,
    routeThroughRouter,
    remove,
  };
}

/** Packets a named counter of the host firewall has seen. */
export async function firewallCounter(name: string): Promise<number> {
  const text = await must(`nft list counter inet simpul ${name}`);
  return Number(/packets (\d+)/.exec(text)?.[1]);
}

interface LabNumbers {
  v4(segment: number): string;
  v6(segment: number): string;
}

/** From the range for benchmarks of network devices (RFC 2544): neither private nor anybody's. */
function labNumbers(): LabNumbers {
  const third = randomInt(0, 60) * 4;
  const block = randomBytes(2).toString("hex");
  return {
    v4: (segment) => `198.19.${third + segment}`,
    v6: (segment) => `fd7e:57ed:${block}:${segment}`,
  };
}

async function createNetwork(
  name: string,
  bridge: string,
  net: LabNumbers,
  segment: number,
): Promise<void> {
  await must(
    `docker network create --ipv6 ${name}
      --subnet ${net.v4(segment)}.0/24 --gateway ${net.v4(segment)}.1
      --subnet ${net.v6(segment)}::/64 --gateway ${net.v6(segment)}::1
      --opt com.docker.network.bridge.name=${bridge}
      --opt com.docker.network.bridge.inhibit_ipv4=true
      --opt com.docker.network.bridge.enable_ip_masquerade=false`,
  );
}

async function startHost(host: LabHost, network: string, image: string): Promise<void> {
  await must(
    `docker run --detach --name ${host.name} --network ${network} --ip ${host.ipv4} --ip6 ${host.ipv6}
      --cap-add NET_ADMIN --sysctl net.ipv4.ip_forward=1 --sysctl net.ipv6.conf.all.forwarding=1
      --sysctl net.ipv6.conf.all.disable_ipv6=0 --sysctl net.ipv6.conf.default.accept_dad=0
      --entrypoint sleep ${image} 600`,
  );
}

async function setDefaultRoute(host: LabHost, via4: string, via6: string): Promise<void> {
  await must(`docker exec ${host.name} ip route replace default via ${via4} dev eth0`);
  await inside(host, "ip -6 route flush default");
  await must(`docker exec ${host.name} ip -6 route replace default via ${via6} dev eth0`);
}

/** What a hostile tenant does when the host answers no ARP and no neighbour discovery. */
async function forgeNeighbours(host: LabHost, mac: string, addresses: string[]): Promise<void> {
  for (const address of addresses)
    await must(
      `docker exec ${host.name} ip neighbour replace ${address} lladdr ${mac} dev eth0 nud permanent`,
    );
}

async function inside(host: LabHost, command: string): Promise<boolean> {
  return (await run(`docker exec ${host.name} ${command}`)).ok;
}

async function must(command: string): Promise<string> {
  const { ok, output } = await run(command);
  if (!ok) throw new Error(`failed: ${command}`);
  return output;
}

/** No word of a command here holds a space, so that commands read as one types them. */
function run(command: string): ReturnType<typeof runProgram> {
  const [program = "", ...args] = command.split(/\s+/);
  return runProgram(program, args, 60_000);
}
