import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Address } from "../../modules/core/address.ts";
import { localEngine } from "../../modules/engine/docker-engine.ts";
import { imageOf } from "../render/router-carrier.ts";
import { containerOf, type ContainmentLab, until } from "./containment-lab.ts";
import { reached } from "./containment-reach.ts";
import { KABUPATEN } from "./kabupaten-lab.ts";

const SPOOFER = "scratch-containment-spoofer";
/** Doors that are worth a try at a server, a router, a name server. */
const PORTS = [22, 53, 80, 179, 443, 8291];
const FLOWS = 20_000;
/** Of linux/in.h and socket.h. */
const SOCKETS = [
  ["ICMP", "2, 3, 1"],
  ["any IPv4", "2, 3, 255"],
  ["ICMPv6", "10, 3, 58"],
  ["whole frames", "17, 3, 768"],
  ["whole frames, the old way", "2, 10, 768"],
] as const;

/** What a VPS does to the network: forge, scan, flood. */
export function describeNetworkAttacks(lab: () => ContainmentLab): void {
  const attack = async (script: string): Promise<string> =>
    (await lab().login(lab().attacker, `exec 2>&1\n${script}`)).stdout;
  const gateway = (): string => `gateway-${lab().attacker.segment}`;

  describe("turns to the network", () => {
    let spoofer: (...command: readonly string[]) => ReturnType<ContainmentLab["docker"]>;

    // What a VPS could do, had it the right to raw sockets.
    beforeAll(async () => {
      const { attacker, docker } = lab();
      await docker("rm", "--force", SPOOFER);
      const network = `simpul-${KABUPATEN}-gateway-${attacker.segment}`;
      const rights = ["--cap-drop", "ALL", "--cap-add", "NET_RAW", "--network", network];
      const image = imageOf("vps-debian-12");
      const start = ["run", "--detach", "--init", "--name", SPOOFER, ...rights];
      const { code, stderr } = await docker(...start, "--entrypoint", "sleep", image, "infinity");
      if (code !== 0) throw new Error(stderr);
      spoofer = (...command) => docker("exec", SPOOFER, ...command);
    });
    afterAll(() => lab().docker("rm", "--force", SPOOFER));

    it.each(SOCKETS)("with raw sockets for %s: it gets none", async (_, kind) => {
      const open = `perl -e 'print socket(S, ${kind}) ? "open" : "closed: $!", "\\n"'`;
      expect((await spoofer("bash", "-c", open)).stdout).toBe("open\n");
      expect(await attack(open)).toMatch(/^closed: (Operation not permitted|Address family)/);
    });

    it("with forged ARP answers: the gateway keeps to the truth", async () => {
      const { attacker, docker } = lab();
      const neighbours = ["exec", `simpul-${KABUPATEN}-${gateway()}`, "ip", "neighbour", "show"];
      const known = async (address: string): Promise<string> => {
        const { stdout } = await docker(...neighbours, address);
        return /lladdr (\S+)/.exec(stdout)?.[1] ?? "";
      };
      const macOf = async (container: string): Promise<string> =>
        (await docker("exec", container, "cat", "/sys/class/net/eth0/address")).stdout.trim();
      const [own, forged] = [await macOf(containerOf(attacker)), await macOf(SPOOFER)];
      const victim = attacker.address.ipv4.text;
      const lie = (claimed: string): string =>
        `perl -e '${FORGE_ARP}' ${claimed} ${attacker.gateway.ipv4.text}`;

      await attack("true");
      expect(await known(victim)).toBe(own);
      expect(await spoofer("bash", "-c", lie(victim))).toMatchObject({ code: 0 });
      expect(await known(victim)).toBe(forged);
      await until("the gateway has asked again", async () => {
        await docker("exec", containerOf(attacker), "ping", "-c1", attacker.gateway.ipv4.text);
        const flush = ["ip", "neighbour", "flush", "to", victim];
        await docker("exec", `simpul-${KABUPATEN}-${gateway()}`, ...flush);
        return (await lab().login(attacker, "")).code === 0 && (await known(victim)) === own;
      });

      const address = Address.inside(segmentOf(lab()), 33n).text;
      expect(await attack(lie(address))).toMatch(/no socket/);
      const tries = [
        `ip address add ${address}/32 dev eth0`,
        `ip neighbour replace ${attacker.gateway.ipv4.text} lladdr ${forged} dev eth0`,
        `ip link set dev eth0 address ${forged}`,
        "ip route replace default dev eth0",
      ];
      for (const one of tries)
        expect([one, await attack(one)]).toEqual([one, expect.stringContaining("not permitted")]);
      expect(await known(address)).toBe("");
    });

    it("with another's address as its source: its gateway drops it, and counts", async () => {
      const { attacker, neighbour, plan, counter } = lab();
      const resolver = plan.dns.resolvers[0]!.service.ipv6.text;
      const send = (source: string): string =>
        `perl -MSocket=:all -e '${FREE_BIND}' ${source} ${resolver}`;
      const before = await counter(gateway(), "source_refused");
      expect(await attack(send(attacker.service.ipv6.text))).toBe("sent 10\n");
      expect(await counter(gateway(), "source_refused")).toBe(before);
      for (const { text } of [neighbour.service.ipv6, neighbour.address.ipv6])
        expect(await attack(send(text))).toBe("sent 10\n");
      expect(await counter(gateway(), "source_refused")).toBe(before + 20);
    });

    it("with a scan of other tenants: nobody answers but to those who may", async () => {
      const { attacker, neighbour, plan, counter } = lab();
      const others = plan.vps.filter(({ segment }) => segment !== attacker.segment);
      const gateways = plan.routers.filter(
        ({ role, name }) => role === "gateway" && name !== attacker.segment,
      );
      const hosts = [
        ...others.flatMap(({ service, address, gateway: own }) => [service, address, own]),
        ...gateways.map(({ loopback }) => loopback),
      ].flatMap(({ ipv4, ipv6 }) => [ipv4.text, ipv6.text]);
      const before = await counter(gateway(), "denied");
      expect(await reached(lab(), attacker, hosts, PORTS)).toEqual([]);
      expect(await counter(gateway(), "denied")).toBeGreaterThan(before + hosts.length);
      // The same door is open to its owner.
      expect(await lab().login(neighbour, "true")).toMatchObject({ code: 0 });
    });

    it("with a scan of the routers and their management addresses: none answers", async () => {
      const { attacker, plan } = lab();
      const stations = plan.management.stations;
      const hosts = [
        ...plan.routers.flatMap(({ loopback, management, source }) => [
          loopback,
          management,
          source,
        ]),
        { ipv4: Address.inside(stations.ipv4, 33n), ipv6: Address.inside(stations.ipv6, 33n) },
      ].flatMap(({ ipv4, ipv6 }) => [ipv4.text, ipv6.text]);
      expect(await reached(lab(), attacker, hosts, PORTS)).toEqual([]);
    });

    it("with a flood of connections: the host keeps no track of any", async () => {
      const { attacker, neighbour, counter } = lab();
      const target = neighbour.service.ipv4.text;
      const tracked = async (): Promise<number> => {
        const file = "/proc/sys/net/netfilter/nf_conntrack_count";
        return Number((await localEngine(process.env).run(["cat", file])).stdout);
      };
      const [before, denied] = [await tracked(), await counter(gateway(), "denied")];
      const said = await lab().login(attacker, `perl -MSocket -e '${FLOOD}' ${target} ${FLOWS}`);
      expect(said.stdout).toBe(`${FLOWS} sent\n`);
      expect(await counter(gateway(), "denied")).toBeGreaterThan(denied + FLOWS * 0.9);
      expect(await tracked()).toBeLessThan(before + FLOWS / 10);
      expect(await lab().login(neighbour, "true")).toMatchObject({ code: 0 });
    });
  });
}

function segmentOf({ plan, attacker }: ContainmentLab) {
  return plan.segments.find(({ name }) => name === attacker.segment)!.prefix.ipv4;
}

/** A question in the name of another address, which the receiver takes for news (RFC 826): claimed, asked. */
const FORGE_ARP = String.raw`
  sub line { open my $f, "<", "/sys/class/net/eth0/$_[0]"; my $l = <$f>; chomp $l; $l }
  my $mac = pack "H12", join "", split /:/, line("address");
  my ($claimed, $asked) = map { pack "C4", split /[.]/ } @ARGV;
  socket S, 17, 3, 0x0608 or die "no socket: $!";
  my $frame = "\xff" x 6 . $mac . pack("n n n C C n", 0x0806, 1, 0x0800, 6, 4, 1) . $mac . $claimed . "\0" x 6 . $asked;
  send S, $frame, 0, pack("S n i S C C a8", 17, 0x0806, line("ifindex"), 1, 0, 6, "\xff" x 6) or die "not sent: $!";
`;

/** IPV6_FREEBIND needs no right at all: source, target. */
const FREE_BIND = String.raw`
  socket S, AF_INET6, SOCK_DGRAM, 0; setsockopt S, 41, 78, pack "i", 1;
  bind S, sockaddr_in6(4000, inet_pton(AF_INET6, $ARGV[0])) or die "not bound: $!";
  send(S, "x", 0, sockaddr_in6(53, inet_pton(AF_INET6, $ARGV[1]))) and $n++ for 1..10; print "sent $n\n";
`;

/** One datagram to each port: target, count. */
const FLOOD = String.raw`
  socket S, AF_INET, SOCK_DGRAM, 0;
  send(S, "x", 0, sockaddr_in($_, inet_aton($ARGV[0]))) and $n++ for 1..$ARGV[1]; print "$n sent\n";
`;
