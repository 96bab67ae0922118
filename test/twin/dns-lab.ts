import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";

import { Address } from "../../modules/core/address.ts";
import type { ServerPlan } from "../../modules/plan/vps-plan.ts";
import { bundle, pipedBundle, type ConfigFile } from "../../modules/render/config-file.ts";
import { DNS_SEGMENT, GATEWAY, NS1, NS2, PRIMARY, RESOLVER } from "../render/dns-fixture.ts";
import { imageOf } from "../render/router-carrier.ts";

export interface Said {
  readonly exitCode: number;
  /** Standard output, then standard error. */
  readonly text: string;
}

/** Name servers, resolver and their gateway as containers on this machine's engine, the way the stack runs them. */
export interface DnsLab {
  /** Gives the files to a role's carrier, which moves them or refuses. */
  deliver(role: Role, files: readonly ConfigFile[]): Promise<Said>;
  /** Fills the volume of secrets of a name server. */
  entrust(server: ServerPlan, files: readonly ConfigFile[]): Promise<Said>;
  start(role: Role, server: ServerPlan): Promise<void>;
  /** Asks from an address of the kabupaten's own block, or from a stranger's. */
  ask(
    from: "client" | "stranger",
    server: ServerPlan,
    ...question: readonly string[]
  ): Promise<string>;
  /** `dns-load.pl` from the client. */
  load(server: ServerPlan, ...words: readonly (string | number)[]): Promise<string>;
  exec(name: string, ...command: readonly string[]): Promise<Said>;
  logs(name: string): Promise<string>;
  docker(args: readonly string[], input?: string): Promise<Said>;
  /** The engine's name of a container, volume or network of the lab. */
  named(name: string): string;
  remove(): Promise<void>;
}

type Role = "name-server" | "resolver";

/** On everything the lab makes: what an interrupted run left, the next removes. */
const LABEL = "scratch-dnslab";
const SERVERS = [PRIMARY, NS1, NS2, RESOLVER];
/** Where each keeps what outlives a restart. */
const DATA = { "name-server": "/var/lib/knot", resolver: "/var/lib/unbound" } as const;
const CAPABILITIES = [
  "CHOWN",
  "KILL",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "SETGID",
  "SETPCAP",
  "SETUID",
];
const CLIENT = "10.211.7.100";
/** On the client's lo: of the block, and outside of it (RFC 5737). */
const SOURCES = { client: "10.212.1.9", stranger: "192.0.2.9" };

/** The network, its gateway, and a client; servers are started one by one. */
export async function buildDnsLab(): Promise<DnsLab> {
  const id = randomBytes(4).toString("hex");
  const named = (name: string): string => `${LABEL}-${id}-${name}`;
  const labelled = (name: string): string[] => ["--name", named(name), "--label", LABEL];
  const script = (text: string): string[] => [
    "--entrypoint",
    "bash",
    imageOf("name-server"),
    "-c",
    text,
  ];

  const deliver = (role: Role, files: readonly ConfigFile[]): Promise<Said> =>
    docker(
      [
        ...["run", "--rm", "--interactive", "--network", "none", "--cap-drop", "ALL"],
        ...["--label", LABEL, "--env", "BUNDLE=/dev/stdin"],
        ...["--volume", `${named(role)}:/etc/simpul`],
        ...["--entrypoint", "simpul-carrier", imageOf(role)],
      ],
      bundle(files),
    );

  const entrust = ({ name }: ServerPlan, files: readonly ConfigFile[]): Promise<Said> =>
    docker(
      [
        ...["run", "--rm", "--interactive", "--network", "none", "--label", LABEL],
        ...["--volume", `${named(`secrets-${name}`)}:/run/simpul-secrets`],
        ...["--entrypoint", "simpul-carrier", imageOf("name-server"), "secrets"],
      ],
      pipedBundle(files),
    );

  const start = (role: Role, server: ServerPlan): Promise<void> =>
    must([
      ...["run", "--detach", ...labelled(server.name), "--hostname", server.name],
      ...["--security-opt", "no-new-privileges", "--cap-drop", "ALL"],
      ...CAPABILITIES.flatMap((capability) => ["--cap-add", capability]),
      ...["--sysctl", "net.ipv6.conf.all.disable_ipv6=0"],
      ...["--network", named("segment"), "--restart", "unless-stopped"],
      ...["--ip", server.address.ipv4.text, "--ip6", server.address.ipv6.text],
      ...["--env", `SIMPUL_GATEWAY4=${server.gateway.ipv4.text}`],
      ...["--env", `SIMPUL_GATEWAY6=${server.gateway.ipv6.text}`],
      ...["--env", `SIMPUL_SERVICE4=${server.service.ipv4.text}`],
      ...["--env", `SIMPUL_SERVICE6=${server.service.ipv6.text}`],
      ...["--read-only", "--tmpfs", "/run", "--tmpfs", "/tmp"],
      ...["--volume", `${named(role)}:/etc/simpul:ro`],
      ...["--volume", `${named(`data-${server.name}`)}:${DATA[role]}`],
      ...(role === "name-server"
        ? ["--volume", `${named(`secrets-${server.name}`)}:/run/simpul-secrets:ro`]
        : []),
      ...[imageOf(role), server.name],
    ]);

  await removeAll();
  try {
    await createNetwork(named("segment"), `smp${id}0007`);
    const volumes = ["name-server", "resolver", "data-spare"].map(named);
    for (const { name } of SERVERS) volumes.push(named(`data-${name}`), named(`secrets-${name}`));
    for (const volume of volumes) await must(["volume", "create", "--label", LABEL, volume]);
    await must([
      ...["run", "--detach", ...labelled("gateway"), "--init", "--cap-add", "NET_ADMIN"],
      ...["--sysctl", "net.ipv4.ip_forward=1", "--sysctl", "net.ipv6.conf.all.forwarding=1"],
      ...["--sysctl", "net.ipv6.conf.all.disable_ipv6=0"],
      ...["--network", named("segment")],
      ...["--ip", GATEWAY.ipv4.text, "--ip6", GATEWAY.ipv6.text],
      ...script(gatewayScript()),
    ]);
    await must([
      ...["run", "--detach", ...labelled("client"), "--init", "--cap-add", "NET_ADMIN"],
      ...["--network", named("segment"), "--ip", CLIENT],
      ...script(clientScript()),
    ]);
  } catch (error) {
    await removeAll();
    throw error;
  }

  const exec = (name: string, ...command: readonly string[]): Promise<Said> =>
    docker(["exec", named(name), ...command]);
  return {
    deliver,
    entrust,
    start,
    ask: async (from, { service }, ...question) => {
      const patience = ["+time=2", "+retry=0"];
      const where = [`@${service.ipv4.text}`, "-b", SOURCES[from]];
      return (await exec("client", "kdig", ...where, ...patience, ...question)).text;
    },
    load: async ({ service }, ...words) => {
      const args = [service.ipv4.text, ...words.map(String)];
      const command = ["exec", "--interactive", named("client"), "perl", "-", ...args];
      return (await docker(command, LOAD)).text;
    },
    exec,
    logs: async (name) => (await docker(["logs", named(name)])).text,
    docker,
    named,
    remove: removeAll,
  };
}

const LOAD = readFileSync(path.join(import.meta.dirname, "dns-load.pl"), "utf8");

/** What routers do in a deployment: service addresses lead to their servers, the client's to the client. */
function gatewayScript(): string {
  const routes = SERVERS.flatMap(({ address, service }) => [
    `ip route replace ${service.ipv4.text}/32 via ${address.ipv4.text}`,
    `ip -6 route replace ${service.ipv6.text}/128 via ${address.ipv6.text}`,
  ]);
  const back = Object.values(SOURCES).map(
    (source) => `ip route replace ${source}/32 via ${CLIENT}`,
  );
  return [...routes, ...back, "exec sleep infinity"].join("\n");
}

function clientScript(): string {
  const own = Object.values(SOURCES).map((source) => `ip address add ${source}/32 dev lo`);
  const route = `ip route replace default via ${GATEWAY.ipv4.text} src ${SOURCES.client}`;
  return [...own, route, "exec sleep infinity"].join("\n");
}

async function createNetwork(name: string, bridge: string): Promise<void> {
  const { ipv4, ipv6 } = DNS_SEGMENT.prefix;
  const options = [
    `com.docker.network.bridge.name=${bridge}`,
    "com.docker.network.bridge.inhibit_ipv4=true",
    "com.docker.network.bridge.enable_ip_masquerade=false",
  ];
  await must([
    ...["network", "create", "--label", LABEL, "--ipv6"],
    ...["--subnet", ipv4.text, "--gateway", Address.inside(ipv4, ipv4.size - 2n).text],
    ...["--subnet", ipv6.text, "--gateway", Address.inside(ipv6, 0xffffn).text],
    ...options.flatMap((option) => ["--opt", option]),
    name,
  ]);
}

async function removeAll(): Promise<void> {
  const ours = ["--quiet", "--filter", `label=${LABEL}`];
  const kinds = [
    { list: ["ps", "--all", ...ours], remove: ["rm", "--force", "--volumes"] },
    { list: ["network", "ls", ...ours], remove: ["network", "rm"] },
    { list: ["volume", "ls", ...ours], remove: ["volume", "rm"] },
  ];
  for (const { list, remove } of kinds) {
    const found = (await docker(list)).text.split(/\s+/).filter(Boolean);
    if (found.length > 0) await must([...remove, ...found]);
  }
}

async function must(args: readonly string[]): Promise<void> {
  const { exitCode, text } = await docker(args);
  if (exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${text}`);
}

function docker(args: readonly string[], input = ""): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile("docker", args, { timeout: 120_000 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ exitCode, text: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

/** Asks every 50 ms until it is so; answers how many milliseconds that took. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  patience = 15_000,
): Promise<number> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > patience)
      throw new Error(`not after ${patience / 1000} s: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return performance.now() - started;
}
