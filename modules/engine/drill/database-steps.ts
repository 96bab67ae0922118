import type { Diagnostic } from "../../core/diagnostic.ts";
import type { SiteName } from "../../inventory/site-model.ts";
import { type DatabaseAgents, reaches } from "./database-agent.ts";
import { drillNotReady, drillRefused } from "./drill-findings.ts";
import type { ServiceSteps } from "./drill-steps.ts";

/** How long a standby may take to catch up, be rewound or copied anew; a move itself takes seconds. */
const PATIENCE = { follow: 300, end: 40, begin: 40 } as const;

/** Moves a database: only who has the lease is primary (ADR-0035), so that no order of ours can make two. */
export class DatabaseSteps implements ServiceSteps {
  constructor(
    readonly agents: DatabaseAgents,
    readonly lost: boolean,
  ) {}

  get #service(): string {
    return this.agents.database.service;
  }

  /** It follows without a gap, and where writes wait for it, they do. */
  async ready(to: SiteName): Promise<Diagnostic | undefined> {
    const from = other(to);
    if ((await this.agents.status(to))["part"] === "primary") return undefined;
    if (await this.#heldLast(to)) return undefined;
    // After an outage it is still what it was; from here on it follows.
    if (!(await this.agents.order(to, "standby"))) return this.#silent(to);
    const mode = this.agents.database.mode;
    const isReady = await this.agents.becomes(
      to,
      ({ receiver, part }) => part === "standby" && receiver === "streaming",
      PATIENCE.follow,
    );
    if (!isReady)
      return drillNotReady(
        `${this.#service} at ${to} does not follow ${from}`,
        `docker exec ${this.agents.container(to)} simpul-database-part status; simpul vps log says why`,
      );
    const isSafe = await this.agents.becomes(
      from,
      ({ standby, sync }) => standby === "streaming" && (mode === "async" || sync === "1"),
      PATIENCE.end,
    );
    if (isSafe) return undefined;
    return drillNotReady(
      `${this.#service} at ${from} does not wait for the one at ${to}`,
      "a write could be lost: look at the line between the sites, and wait until it has caught up",
    );
  }

  async end(from: SiteName): Promise<Diagnostic | undefined> {
    const to = other(from);
    if ((await this.agents.status(to))["part"] === "primary") return undefined;
    // It was ended and nobody began after it: it has all that was ever written, and the other never wrote.
    if (await this.#heldLast(to)) {
      await this.agents.order(from, "standby");
      return undefined;
    }
    if (!(await this.agents.order(from, "standby"))) return this.#silent(from);
    const hasEnded = await this.agents.becomes(
      from,
      ({ part }) => part === "stopped",
      PATIENCE.end,
    );
    if (!hasEnded)
      return drillRefused(`${this.#service} does not end at ${from}`, "its clients hold it");
    const { stopped = "-" } = await this.agents.status(from);
    if (stopped === "-") return undefined;
    const hasAll = await this.agents.becomes(
      to,
      ({ lsn = "0/0" }) => reaches(stopped, lsn),
      PATIENCE.end,
    );
    if (hasAll) return undefined;
    return drillRefused(
      `${this.#service} at ${to} has not all that was written at ${from} (to ${stopped})`,
      "it would be primary without the last writes",
    );
  }

  async begin(to: SiteName): Promise<Diagnostic | undefined> {
    const { part, epoch = "0" } = await this.agents.status(to);
    if (part === "primary") return this.#follow(other(to));
    if (!(await this.agents.order(to, "primary", epoch))) return this.#silent(to);
    const isPrimary = await this.agents.becomes(
      to,
      (status) => status["part"] === "primary",
      PATIENCE.begin,
    );
    if (isPrimary) return this.#follow(other(to));
    const { holder = "nobody" } = await this.agents.status(to);
    return drillRefused(
      `${this.#service} does not become primary at ${to}`,
      `its lease was last held by ${holder}: two of three voters must agree, and whoever has it must have ended first`,
    );
  }

  /** Whether nobody has held the lease since this site did, and nobody holds it now. */
  async #heldLast(site: SiteName): Promise<boolean> {
    const [{ own = "0", epoch = "" }, { part }] = await Promise.all([
      this.agents.status(site),
      this.agents.status(other(site)),
    ]);
    return own !== "0" && own === epoch && part !== "primary";
  }

  /** The other one follows from now on, where it is there to hear it. */
  async #follow(site: SiteName): Promise<undefined> {
    if (!this.lost) await this.agents.order(site, "standby");
    return undefined;
  }

  #silent(site: SiteName): Diagnostic {
    return drillRefused(
      `${this.agents.container(site)} at ${site} does not answer`,
      "nothing can be said to a server that does not run",
    );
  }
}

function other(site: SiteName): SiteName {
  return site === "drc" ? "pusat-data" : "drc";
}
