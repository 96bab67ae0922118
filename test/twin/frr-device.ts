import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { DualAddress } from "../../modules/core/dual.ts";
import { localEngine } from "../../modules/engine/docker-engine.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { testImage } from "./test-image.ts";
import { KABUPATEN, type KabupatenLab, type Said } from "./kabupaten-lab.ts";

/** On everything the device brings: what an interrupted run left, the next removes. */
const LABEL = "scratch-frr-device";
const NAME = `${LABEL}-router`;
const CLIENT = `${LABEL}-client`;
/** Behind the access segment by name: in that order Docker plugs networks in, at each start. */
const LAN = "test-frr-device-lan";

/** An agency's own router on the twin's access segment: Debian's FRR, and a machine on its LAN. */
export interface FrrDevice {
  /** Runs a command on the router. */
  router(...command: readonly string[]): Promise<Said>;
  /** Runs a command on the machine of its LAN. */
  client(...command: readonly string[]): Promise<Said>;
  /** The machine's addresses, out of what the agency's DHCP may hand out. */
  readonly clientAddress: DualAddress;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Starts it with exactly what `simpul config` writes. Access segment on eth0, LAN on eth1.
 * @param clientAddress hosts of the router's LAN
 */
export async function startFrrDevice(
  lab: KabupatenLab,
  router: RouterPlan,
  clientAddress: DualAddress,
): Promise<FrrDevice> {
  const must = async (...args: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await lab.docker(...args);
    if (exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${stderr}`);
  };
  const folder = await mkdtemp(path.join(tmpdir(), `${LABEL}-`));
  const [access] = router.interfaces;
  const { lan } = router;
  if (access === undefined || lan === undefined) throw new Error(`${router.name} is no agency's`);
  const ports = ["--port", `${access.segment}=eth0`, "--port", "lan=eth1"];
  const made = await lab.simpul("config", router.name, ...ports, "--out", folder);
  if (made.exitCode !== 0) throw new Error(made.stdout + made.stderr);

  const last = (text: string): string => text.replace(/0\/\d+$/, "254");
  await must(
    ...["network", "create", "--label", LABEL, "--ipv6"],
    ...["--subnet", lan.ipv4.text, "--gateway", last(lan.ipv4.text)],
    ...["--subnet", lan.ipv6.text, "--gateway", lan.ipv6.text.replace(/\/64$/, "ffff")],
    ...["--opt", "com.docker.network.bridge.name=smp00f4400000de"],
    ...["--opt", "com.docker.network.bridge.inhibit_ipv4=true"],
    ...["--opt", "com.docker.network.bridge.enable_ip_masquerade=false", LAN],
  );
  const first = { ipv4: router.source.ipv4.text, ipv6: router.source.ipv6.text };
  // The machine has what a DHCP server would give it, and comes first: a router's advertisement would be in Docker's way.
  const routes = `ip route replace default via ${first.ipv4}; ip -6 route replace default via ${first.ipv6}; sleep infinity`;
  await must(
    ...["run", "--detach", "--name", CLIENT, "--label", LABEL, "--init", "--network", LAN],
    ...["--ip", clientAddress.ipv4.text, "--ip6", clientAddress.ipv6.text],
    ...["--cap-add", "NET_ADMIN", "--entrypoint", "bash", testImage("frr-device"), "-c", routes],
  );
  await must(
    ...["create", "--name", NAME, "--label", LABEL, "--hostname", router.name],
    ...["--cap-drop", "ALL", ...CAPABILITIES.flatMap((name) => ["--cap-add", name])],
    ...SYSCTLS.flatMap((sysctl) => ["--sysctl", sysctl]),
    ...["--volume", `${folder}:/etc/simpul:ro`],
    ...["--network", `simpul-${KABUPATEN}-router-${access.segment}`],
    ...["--ip", access.address.ipv4.text, "--ip6", access.address.ipv6.text],
    testImage("frr-device"),
  );
  await must("network", "connect", "--ip", first.ipv4, "--ip6", first.ipv6, LAN, NAME);
  await must("start", NAME);
  return {
    router: (...command) => lab.docker("exec", NAME, ...command),
    client: (...command) => lab.docker("exec", CLIENT, ...command),
    clientAddress,
    stop: () => must("stop", "--time", "2", NAME),
    start: () => must("start", NAME),
    remove: async () => {
      await removeFrrDevice();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "KILL",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
].concat(["NET_RAW", "SETGID", "SETUID", "SYS_ADMIN"]);
const SYSCTLS = [
  "net.ipv4.ip_forward=1",
  "net.ipv4.conf.all.rp_filter=0",
  "net.ipv4.conf.default.rp_filter=0",
  "net.ipv6.conf.all.disable_ipv6=0",
  "net.ipv6.conf.all.forwarding=1",
  "net.ipv6.conf.all.accept_ra=0",
  "net.ipv6.conf.default.accept_dad=0",
];

/** Removes what this or an earlier run left: while it stands on the access segment, that cannot be destroyed. */
export async function removeFrrDevice(): Promise<void> {
  const engine = localEngine(process.env);
  const filter = ["--quiet", "--filter", `label=${LABEL}`];
  for (const [list, remove] of [
    [
      ["ps", "--all", ...filter],
      ["rm", "--force", "--volumes"],
    ],
    [
      ["network", "ls", ...filter],
      ["network", "rm"],
    ],
  ] as const) {
    const ids = (await engine.run(["docker", ...list])).stdout.split(/\s+/).filter(Boolean);
    if (ids.length > 0) await engine.run(["docker", ...remove, ...ids]);
  }
}
