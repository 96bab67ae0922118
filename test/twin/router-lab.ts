import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";

import { Address } from "../../modules/core/address.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { bundle, type ConfigFile } from "../../modules/render/config-file.ts";
import { imageOf } from "../render/router-carrier.ts";
import { ACCESS, BACKBONE, SITE, type Segment, TENANT } from "../render/router-fixture.ts";

export interface Said {
  readonly exitCode: number;
  /** Standard output, then standard error. */
  readonly text: string;
}

/** Routers of the fixture as containers on this machine's engine, the way the stacks run them. */
export interface RouterLab {
  /** Gives the files to a carrier, which moves them or refuses. */
  deliver(files: readonly ConfigFile[]): Promise<Said>;
  startRouter(router: RouterPlan): Promise<void>;
  /** Any other container; the words are those of `docker run` after the name. */
  startOther(name: string, words: readonly string[]): Promise<void>;
  exec(name: string, ...command: readonly string[]): Promise<Said>;
  docker(args: readonly string[], input?: string): Promise<Said>;
  /** The engine's name of a container, volume or network of the lab. */
  named(name: string): string;
  remove(): Promise<void>;
}

/** On everything the lab makes, with the test's process id: what an interrupted run left, the next removes. */
const LABEL = "scratch-routerlab";
const OURS = `${LABEL}=${process.pid}`;
const SEGMENTS: readonly Segment[] = [BACKBONE, ACCESS, SITE, TENANT];
const ONLY_NET_ADMIN = ["--cap-drop", "ALL", "--cap-add", "NET_ADMIN"];
/** For ping and tcpdump, which a person or a check runs inside; the router itself needs none. */
const DIAGNOSIS = ["--cap-add", "NET_RAW"];
const SYSCTLS = [
  "net.ipv4.ip_forward=1",
  "net.ipv6.conf.all.forwarding=1",
  "net.ipv6.conf.all.disable_ipv6=0",
  "net.ipv4.conf.all.rp_filter=0",
];

/** Networks and the volume; routers are started one by one. */
export async function buildRouterLab(): Promise<RouterLab> {
  const id = randomBytes(4).toString("hex");
  const named = (name: string): string => `${LABEL}-${id}-${name}`;
  const image = imageOf("router");
  let carriers = 0;

  const create = (name: string, words: readonly string[]): Promise<void> =>
    must(["create", "--name", named(name), "--label", OURS, ...words]);

  const deliver = async (files: readonly ConfigFile[]): Promise<Said> => {
    const name = `carrier-${(carriers += 1)}`;
    const input = ["--interactive", "--env", "BUNDLE=/dev/stdin"];
    const volume = ["--network", "none", "--volume", `${named("config")}:/etc/simpul`];
    const entrypoint = ["--entrypoint", "/usr/local/bin/simpul-carrier"];
    await create(name, [...ONLY_NET_ADMIN, ...input, ...volume, ...entrypoint, image]);
    return docker(["start", "--attach", "--interactive", named(name)], bundle(files));
  };

  const startRouter = async (router: RouterPlan): Promise<void> => {
    const [first, ...others] = router.interfaces.map(({ segment, address }) => ({
      network: named(segment),
      addresses: ["--ip", address.ipv4.text, "--ip6", address.ipv6.text],
    }));
    if (!first) throw new Error(`${router.name} stands on no segment`);
    await create(router.name, [
      ...ONLY_NET_ADMIN,
      ...DIAGNOSIS,
      ...["--security-opt", "no-new-privileges", "--hostname", router.name],
      ...SYSCTLS.flatMap((sysctl) => ["--sysctl", sysctl]),
      ...["--volume", `${named("config")}:/etc/simpul:ro`],
      ...["--read-only", "--tmpfs", "/run", "--tmpfs", "/tmp"],
      ...["--network", first.network, ...first.addresses],
      ...[image, router.name],
    ]);
    for (const { network, addresses } of others)
      await must(["network", "connect", ...addresses, network, named(router.name)]);
    await must(["start", named(router.name)]);
  };

  await until("another run of these tests has ended", nobodyElse, 150_000);
  await removeAll();
  try {
    for (const [at, segment] of SEGMENTS.entries())
      await createNetwork(named(segment.name), segment, `smp${id}000${at}`);
    for (const volume of ["config", "keys"])
      await must(["volume", "create", "--label", OURS, named(volume)]);
  } catch (error) {
    await removeAll();
    throw error;
  }
  return {
    deliver,
    startRouter,
    startOther: (name, words) =>
      must(["run", "--detach", "--name", named(name), "--label", OURS, ...words]),
    exec: (name, ...command) => docker(["exec", named(name), ...command]),
    docker,
    named,
    remove: removeAll,
  };
}

/** As stacks make them: no address of the engine in IPv4, no masquerading, a bridge the host firewall knows. */
async function createNetwork(name: string, { prefix }: Segment, bridge: string): Promise<void> {
  const options = [
    `com.docker.network.bridge.name=${bridge}`,
    "com.docker.network.bridge.inhibit_ipv4=true",
    "com.docker.network.bridge.enable_ip_masquerade=false",
  ];
  const engine = Address.inside(prefix.ipv4, prefix.ipv4.size - 2n);
  await must([
    ...["network", "create", "--label", OURS, "--ipv6"],
    ...["--subnet", prefix.ipv4.text, "--gateway", engine.text],
    ...["--subnet", prefix.ipv6.text, "--gateway", Address.inside(prefix.ipv6, 0xffffn).text],
    ...options.flatMap((option) => ["--opt", option]),
    name,
  ]);
}

/** The lab's addresses are fixed, so that one engine holds one at a time. */
async function nobodyElse(): Promise<boolean> {
  const format = `{{.Label "${LABEL}"}}`;
  const { text } = await docker([
    "network",
    "ls",
    "--filter",
    `label=${LABEL}`,
    "--format",
    format,
  ]);
  return text.split("\n").every((pid) => pid === "" || !isRunning(Number(pid)));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function removeAll(): Promise<void> {
  const ours = ["--quiet", "--filter", `label=${LABEL}`];
  const kinds = [
    { list: ["ps", "--all", ...ours], remove: ["rm", "--force", "--volumes"] },
    { list: ["network", "ls", ...ours], remove: ["network", "rm"] },
    { list: ["volume", "ls", ...ours], remove: ["volume", "rm"] },
  ];
  for (const { list, remove } of kinds) {
    const find = async (): Promise<readonly string[]> =>
      (await docker(list)).text.split(/\s+/).filter(Boolean);
    const found = await find();
    const said = found.length > 0 ? (await docker([...remove, ...found])).text : "";
    // Another run may have removed one of them at the same moment: what counts is that they are gone.
    if ((await find()).length > 0) throw new Error(said);
  }
}

async function must(args: readonly string[]): Promise<void> {
  const { exitCode, text } = await docker(args);
  if (exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${text}`);
}

function docker(args: readonly string[], input = ""): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile("docker", args, { timeout: 60_000 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ exitCode, text: stdout + stderr });
    });
    // Who does not read to the end says why by its exit code.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** Asks every 200 ms until it is so; answers how many milliseconds that took. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  milliseconds = 20_000,
): Promise<number> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > milliseconds)
      throw new Error(`not after ${milliseconds} ms: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
  return performance.now() - started;
}
