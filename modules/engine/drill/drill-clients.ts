import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";

import { engineName } from "../../plan/engine-names.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { Inventory } from "../../inventory/model.ts";
import type { SiteName } from "../../inventory/site-model.ts";
import { writerScript } from "../drill-writer.ts";
import type { Engine } from "../docker-engine.ts";
import type { DatabaseAgents } from "./database-agent.ts";

/** What a client from an agency's LAN saw of one database while it moved. */
export interface ClientView {
  readonly service: string;
  /** Agency in whose LAN it wrote. */
  readonly agency: string;
  /** Writes that it was told are written. */
  readonly confirmed: number;
  /** Of those, the ones that are not there afterwards. */
  readonly lost: number;
  /** Milliseconds between the last write before and the first one after the longest interruption. */
  readonly longestGap: number;
  /** Whether its writes arrived again once all was done: an outage that goes on is no short one. */
  readonly resumed: boolean;
}

/** How long its writes are waited for, in milliseconds. */
const PATIENCE = 60_000;

/** Its own database and role: nothing of the tenant's is touched. */
const NAME = "simpul_drill";

/** Writes to one database from an agency's LAN, by its service address, until it is ended. */
export class DrillClient {
  readonly #name: string;
  #running: Promise<string> | undefined;

  constructor(
    readonly agents: DatabaseAgents,
    readonly agency: string,
    readonly address: string,
    readonly engine: Engine,
  ) {
    this.#name = engineName({
      kabupaten: agents.kabupaten,
      role: "prober",
      name: `drill-${agents.database.service}`,
    });
  }

  /** @param site where it is primary now */
  async begin(site: SiteName): Promise<boolean> {
    const password = randomBytes(24).toString("hex");
    const { agents } = this;
    await this.remove(site);
    const made = [
      await agents.psql(site, `CREATE ROLE ${NAME} LOGIN PASSWORD '${password}';\n`),
      await agents.psql(site, `CREATE DATABASE ${NAME} OWNER ${NAME};\n`),
      await agents.psql(
        site,
        `CREATE TABLE writes (number bigint); ALTER TABLE writes OWNER TO ${NAME};\n`,
        NAME,
      ),
    ];
    if (made.some(({ code }) => code !== 0)) return false;
    const image = await this.engine.run([
      "docker",
      "inspect",
      "--format",
      "{{.Image}}",
      agents.container(site),
    ]);
    const router = engineName({ kabupaten: agents.kabupaten, role: "router", name: this.agency });
    const words = [
      ...[
        "docker",
        "run",
        "--rm",
        "--interactive",
        "--init",
        "--name",
        this.#name,
        "--log-driver",
        "none",
      ],
      ...[
        "--network",
        `container:${router}`,
        "--cap-drop",
        "ALL",
        "--entrypoint",
        "bash",
        image.stdout.trim(),
        "-s",
      ],
    ];
    const where = `host=${this.address} port=5432 user=${NAME} dbname=${NAME}`;
    const script = `export PGPASSWORD=${password}\n${writerScript(where, "writes")}`;
    this.#running = this.engine.run(words, Buffer.from(script)).then(({ stdout }) => stdout);
    return this.#arrives(site);
  }

  /** Whether numbers go on rising where it is primary: a client that is cut off says nothing of its own accord. */
  async #arrives(site: SiteName): Promise<boolean> {
    const until = Date.now() + PATIENCE;
    let first: number | undefined;
    for (; Date.now() < until; await setTimeout(200)) {
      const { code, stdout } = await this.agents.psql(
        site,
        "SELECT coalesce(max(number), 0) FROM writes;\n",
        NAME,
      );
      if (code !== 0) continue;
      first ??= Number(stdout);
      if (Number(stdout) > first) return true;
    }
    return false;
  }

  /** Waits until it writes again, ends it, and looks which of its writes are there. */
  async end(site: SiteName): Promise<ClientView | undefined> {
    const resumed = await this.#arrives(site);
    const ended = Date.now();
    await this.engine.run(["docker", "rm", "--force", this.#name]);
    const said = await this.#running;
    if (said === undefined) return undefined;
    const lines = said.split("\n").filter((line) => /^[\d.]+ \d+$/.test(line));
    const confirmed = lines.map((line) => line.split(" ").map(Number) as [number, number]);
    const { stdout } = await this.agents.psql(site, "SELECT number FROM writes;\n", NAME);
    const there = new Set(stdout.split("\n").map(Number));
    // The last one lasts until it was ended: what it never saw again was away all that time.
    const times = [...confirmed.map(([at]) => at * 1000), ended];
    const gaps = times.slice(1).map((at, before) => at - times[before]!);
    await this.remove(site);
    return {
      service: this.agents.database.service,
      agency: this.agency,
      confirmed: confirmed.length,
      lost: confirmed.filter(([, number]) => !there.has(number)).length,
      longestGap: Math.round(Math.max(0, ...gaps)),
      resumed,
    };
  }

  /** What an earlier drill left, too. */
  async remove(site: SiteName): Promise<void> {
    await this.engine.run(["docker", "rm", "--force", this.#name]);
    await this.agents.psql(site, `DROP DATABASE IF EXISTS ${NAME} WITH (FORCE);\n`);
    await this.agents.psql(site, `DROP ROLE IF EXISTS ${NAME};\n`);
  }
}

/** An agency that may ask a database on port 5432 from its LAN; undefined where it is published to none. */
export function askingAgency(
  { vps, perangkatDaerah }: Inventory,
  { routers }: KabupatenPlan,
  service: string,
): string | undefined {
  const { publish } = vps.find(({ name }) => name === service)!;
  const open = publish.find(({ port, to }) => (to ?? port) === 5432 && port === 5432);
  if (open === undefined) return undefined;
  const may: readonly string[] =
    typeof open.audience === "string" ? perangkatDaerah.map(({ name }) => name) : open.audience;
  return may.find((agency) =>
    routers.some(
      ({ name, role, kind }) => name === agency && role === "router" && kind === "container",
    ),
  );
}
