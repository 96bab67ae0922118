import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { Fault } from "../../modules/core/fault.ts";
import { ensureAuthority, issueCertificate } from "../../modules/engine/certificate-authority.ts";
import { serviceLeaseKey } from "../../modules/engine/lease-keys.ts";
import { writerScript } from "../../modules/engine/drill-writer.ts";
import { imageOf } from "../render/router-carrier.ts";

const run = promisify(execFile);
const SERVICE = "basis-data";
const SUBNET = "10.127.250";
export type Site = "pusat-data" | "drc";
const HOSTS = { "pusat-data": 21, drc: 22, client: 31 } as const;
export const VOTERS = { "voter-pusat-data": 11, "voter-drc": 12, "voter-pop": 13 } as const;
export type Machine = Site | keyof typeof VOTERS;

/** Three voters, a database at each of two sites, and whoever writes: real images, real network, no plan. */
export class DatabaseLab {
  readonly #id = `scratch-database-${process.pid}`;
  readonly #folder = mkdtempSync(path.join(tmpdir(), "simpul-database-"));
  #writer: ChildProcess | undefined;
  #said = "";

  constructor(readonly mode: "sync" | "async") {}

  named(name: string): string {
    return `${this.#id}-${name}`;
  }

  async begin(): Promise<void> {
    this.#makeSecrets();
    await docker("network", "create", "--subnet", `${SUBNET}.0/24`, this.named("net"));
    for (const [name, host] of Object.entries(VOTERS)) await this.#startVoter(name, host);
    for (const site of ["pusat-data", "drc"] as const) await this.#startDatabase(site);
  }

  async #startVoter(name: string, host: number): Promise<void> {
    await docker("volume", "create", this.named(name));
    await docker(
      ...["run", "--detach", "--init", "--name", this.named(name), "--network", this.named("net")],
      ...["--ip", `${SUBNET}.${host}`, "--volume", `${this.named(name)}:/var/lib/simpul-voter`],
      ...["--volume", `${this.#folder}/voters:/run/simpul-secrets:ro`],
      ...["--entrypoint", "/usr/local/bin/simpul-voter", imageOf("voter")],
    );
  }

  async #startDatabase(site: Site): Promise<void> {
    await docker("volume", "create", this.named(site));
    const start = "mkdir -p /data/srv; simpul-prepare && exec /etc/service/postgresql/run";
    await docker(
      ...["run", "--detach", "--init", "--name", this.named(site), "--network", this.named("net")],
      ...["--ip", `${SUBNET}.${HOSTS[site]}`, "--volume", `${this.named(site)}:/data`],
      ...["--stop-signal", "INT", "--stop-timeout", "30"],
      ...["--volume", `${this.#folder}/${site}:/etc/simpul:ro`],
      ...["--volume", `${this.#folder}/secrets:/run/simpul-secrets:ro`],
      ...["--entrypoint", "bash", imageOf("vps-postgresql-15"), "-c", start],
    );
  }

  #makeSecrets(): void {
    const master = randomBytes(32).toString("hex");
    const authority = ensureAuthority(path.join(this.#folder, "ca"), "ujikab.go.id");
    if (authority instanceof Fault) throw new Error(authority.what);
    this.#write("voters/voters.key", `${master}\n`);
    this.#write("secrets/lease.key", `${serviceLeaseKey(master, SERVICE)}\n`);
    this.#write("secrets/replication.password", `${randomBytes(24).toString("hex")}\n`);
    this.#write("secrets/authority.pem", authority.certificate);
    this.#write("secrets/server.pem", issueCertificate(authority, ["db.ujikab.go.id"]));
    const voters = Object.entries(VOTERS).map(
      ([name, host]) => `voter ${name} ${SUBNET}.${host} 7411`,
    );
    for (const [site, other, starts] of [
      ["pusat-data", "drc", "primary"],
      ["drc", "pusat-data", "standby"],
    ] as const)
      this.#write(
        `${site}/database`,
        [
          ...[
            `service ${SERVICE}`,
            `site ${site}`,
            `starts ${starts}`,
            `mode ${this.mode}`,
            "wal 256",
          ],
          ...[`peer ${other} ${SUBNET}.${HOSTS[other]} 5432`, ...voters, ""],
        ].join("\n"),
      );
  }

  #write(name: string, text: string): void {
    const file = path.join(this.#folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** What the agent says of itself. */
  async status(site: Site): Promise<Readonly<Record<string, string>>> {
    const text = await docker("exec", this.named(site), "simpul-database-part", "status").catch(
      () => "",
    );
    return Object.fromEntries(
      text
        .trim()
        .split("\n")
        .map((line) => line.split(/ (.*)/s).slice(0, 2) as [string, string]),
    );
  }

  part(site: Site, ...words: readonly string[]): Promise<string> {
    return docker("exec", this.named(site), "simpul-database-part", ...words);
  }

  /** What PostgreSQL at this site answers; a rejection when it does not. */
  psql(site: Site, sql: string): Promise<string> {
    return docker("exec", "--user", "postgres", this.named(site), "psql", "-XqAtc", sql);
  }

  /** Cuts what one sends to another, this way only. */
  async cut(from: Machine, to: Machine): Promise<void> {
    await this.#inNetworkOf(from, "ip", "route", "replace", "blackhole", this.#address(to));
  }

  async cutBoth(one: Machine, other: Machine): Promise<void> {
    await this.cut(one, other);
    await this.cut(other, one);
  }

  async mend(): Promise<void> {
    for (const name of [...Object.keys(VOTERS), "pusat-data", "drc"] as Machine[]) {
      const routes = (
        await this.#inNetworkOf(name, "ip", "route", "show", "type", "blackhole")
      ).split("\n");
      for (const route of routes.filter(Boolean))
        await this.#inNetworkOf(name, "ip", "route", "delete", ...route.trim().split(/\s+/));
    }
  }

  #address(name: Machine): string {
    return `${SUBNET}.${{ ...VOTERS, ...HOSTS }[name]}`;
  }

  async #inNetworkOf(name: Machine, ...words: readonly string[]): Promise<string> {
    const pid = await docker("inspect", "--format", "{{.State.Pid}}", this.named(name));
    if (pid.trim() === "0") return "";
    return (await run("nsenter", ["-t", pid.trim(), "-n", ...words])).stdout;
  }

  /** A client that writes as fast as it is answered, to whichever site takes writes. */
  async startWriter(): Promise<void> {
    await this.psql("pusat-data", "CREATE ROLE penguji LOGIN PASSWORD 'penguji'");
    await this.psql("pusat-data", "CREATE TABLE writes (number bigint)");
    await this.psql("pusat-data", "CREATE TABLE local_writes (number bigint)");
    await this.psql("pusat-data", "GRANT ALL ON writes TO penguji");
    const hosts = `${SUBNET}.${HOSTS["pusat-data"]},${SUBNET}.${HOSTS.drc}`;
    const where = `host=${hosts} user=penguji dbname=postgres target_session_attrs=read-write`;
    this.#writer = spawn(
      "docker",
      [
        ...["run", "--rm", "--interactive", "--init", "--name", this.named("client")],
        ...["--network", this.named("net"), "--ip", `${SUBNET}.${HOSTS.client}`],
        ...[
          "--env",
          "PGPASSWORD=penguji",
          "--entrypoint",
          "bash",
          imageOf("vps-postgresql-15"),
          "-s",
        ],
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    this.#writer.stdout!.on("data", (part: Buffer) => (this.#said += part.toString()));
    this.#writer.stdin!.end(writerScript(where, "writes"));
  }

  /** What it was told is written: number and when, in milliseconds. */
  get written(): readonly { readonly number: number; readonly at: number }[] {
    return this.#said
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split(" "))
      .map(([at, number]) => ({ at: Number(at) * 1000, number: Number(number) }));
  }

  async stopWriter(): Promise<void> {
    await docker("rm", "--force", this.named("client")).catch(() => "");
  }

  /** Numbers that the writer was told are written and that are not there. */
  async lost(site: Site): Promise<readonly number[]> {
    const told = this.written;
    const there = new Set(
      (await this.psql(site, "SELECT number FROM writes")).split("\n").map(Number),
    );
    return told.map(({ number }) => number).filter((number) => !there.has(number));
  }

  /** The longest time without a confirmed write since a moment, in milliseconds; one that goes on counts until now. */
  longestGap(since: number): number {
    const before = this.written.map(({ at }) => at).filter((at) => at < since);
    const after = this.written.map(({ at }) => at).filter((at) => at >= since);
    const times = [...before.slice(-1), ...after, Date.now()];
    return Math.max(0, ...times.slice(1).map((at, previous) => at - times[previous]!));
  }

  /** Writes beside the database itself, waiting for no standby: whatever it would still tell anybody, this hears. */
  witness(site: Site): { readonly times: readonly number[]; end(): void } {
    const times: number[] = [];
    const where = "host=/run/postgresql user=postgres dbname=postgres";
    const child = spawn(
      "docker",
      [
        ...["exec", "--interactive", "--user", "postgres"],
        ...[
          "--env",
          "PGOPTIONS=-c synchronous_commit=local",
          this.named(site),
          "timeout",
          "60",
          "bash",
          "-s",
        ],
      ],
      { stdio: ["pipe", "pipe", "ignore"] },
    );
    child.stdout.on("data", (part: Buffer) => {
      for (const line of part.toString().trim().split("\n"))
        times.push(Number(line.split(" ")[0]) * 1000);
    });
    child.stdin.end(writerScript(where, "local_writes"));
    return { times, end: () => child.kill("SIGKILL") };
  }

  async remove(): Promise<void> {
    const names = ["client", "pusat-data", "drc", ...Object.keys(VOTERS)].map((name) =>
      this.named(name),
    );
    await docker("rm", "--force", ...names).catch(() => "");
    await docker("volume", "rm", "--force", ...names.slice(1)).catch(() => "");
    await docker("network", "rm", this.named("net")).catch(() => "");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function docker(...words: readonly string[]): Promise<string> {
  return (await run("docker", words, { maxBuffer: 64 * 1024 * 1024 })).stdout;
}
