import { environmentFact } from "./container-facts.ts";
import { answerOf, type Engine } from "./docker-engine.ts";
import type { DeclaredObject } from "./stack-configuration.ts";
import { blocksAt, mapAt, textAt, textsAt } from "./terraform-attributes.ts";

/** Takes a container off a network; one that is gone, or that it has left, is no error. */
export async function detach(engine: Engine, container: string, network: string): Promise<void> {
  const argv = ["docker", "network", "disconnect", "--force", network, container];
  const { code, stderr } = await engine.run(argv);
  if (code !== 0 && !/not found|no such|is not connected/i.test(stderr))
    await answerOf(engine, argv);
}

/** Puts a container on a network with its planned addresses, unless the network is not there yet. */
export async function attach(
  engine: Engine,
  container: string,
  { attributes }: DeclaredObject,
  network: string,
): Promise<void> {
  if ((await engine.run(["docker", "network", "inspect", network])).code !== 0) return;
  const place = blocksAt(attributes, "networks_advanced").find(
    (one) => textAt(one, "name") === network,
  );
  const option = (name: string, address: string): readonly string[] =>
    address === "" ? [] : [name, address];
  const addresses = [
    ...option("--ip", textAt(place ?? {}, "ipv4_address")),
    ...option("--ip6", textAt(place ?? {}, "ipv6_address")),
  ];
  await answerOf(engine, ["docker", "network", "connect", ...addresses, network, container]);
}

/**
 * Gives a running server back what its start gave it and a new interface lacks: the default route by its gateway with the
 * service address as source, and the settings of its interfaces. Done from the host in the network namespace alone: the
 * server itself has no right to it, and nothing of what it could have changed is run.
 */
export async function restoreServerNetwork(
  engine: Engine,
  container: string,
  { attributes }: DeclaredObject,
): Promise<void> {
  const environment = new Map(textsAt(attributes, "env").map(environmentFact));
  const value = (name: string): string => environment.get(`environment SIMPUL_${name}`) ?? "";
  const places = ["GATEWAY4", "SERVICE4", "GATEWAY6", "SERVICE6"].map(value);
  // Not a server behind a gateway.
  if (places.includes("")) return;
  const format = ["--format", "{{.State.Pid}}"];
  const pid = (await answerOf(engine, ["docker", "inspect", ...format, container])).trim();
  const settings = mapAt(attributes, "sysctls").map(([key, setting]) => `${key}=${setting}`);
  const inside = ["nsenter", `--target=${pid}`, "--net", "sh", "-euc", SET_NETWORK, "set-network"];
  await answerOf(engine, [...inside, ...places, ...settings]);
}

// As images/shared/server-network.sh does at the start. What is asked for eth0 holds for any interface: one that was
// connected again has the next number until the server's next start.
const SET_NETWORK = `
gateway4=$1 service4=$2 gateway6=$3 service6=$4
shift 4
for setting in "$@"; do
  path=/proc/sys/net/$(printf %s "\${setting%%=*}" | sed 's/^net\\.//; s,\\.,/,g')
  case $path in */eth0/*) path="\${path%%/eth0/*}/eth*/\${path##*/eth0/}" ;; esac
  for one in $path; do [ ! -e "$one" ] || printf '%s\\n' "\${setting#*=}" >"$one"; done
done
ip address replace "$service4/32" dev lo
ip -6 address replace "$service6/128" dev lo
ip route replace default via "$gateway4" src "$service4"
while ip -6 route delete default 2>/dev/null; do :; done
tries=0
until ip -6 route replace default via "$gateway6" src "$service6" 2>/dev/null; do
  [ $((tries += 1)) -lt 50 ] || exec ip -6 route replace default via "$gateway6" src "$service6"
  sleep 0.1
done
`;
