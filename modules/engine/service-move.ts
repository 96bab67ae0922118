import { setTimeout } from "node:timers/promises";

import type { Diagnostic } from "../core/diagnostic.ts";
import type { SiteName } from "../inventory/site-model.ts";
import type { DrcPlan, MovePlan } from "../plan/drc-plan.ts";
import { engineName } from "../plan/engine-names.ts";
import type { Engine } from "./docker-engine.ts";

/** How one site's gateway is switched; `silent` where it does not run or its engine does not answer. */
export type Switch = "announced" | "withdrawn" | "silent";

/** Where a service stands, as its gateways and the core routers say. */
export interface ServiceState {
  readonly service: string;
  readonly switches: Readonly<Record<SiteName, Switch>>;
  /** Sites to which the core routers that answer lead, IPv4 and IPv6 together; empty where none knows a way. */
  readonly leadsTo: readonly SiteName[];
}

/** The engine of each site. */
export type EngineOf = (site: SiteName) => Engine;

export const SITES: readonly SiteName[] = ["pusat-data", "drc"];

/** How long core routers may take to hear of a change, in milliseconds. */
const PATIENCE = 10_000;
const PAUSE = 100;

/**
 * Moves service addresses between the sites by what their gateways announce, without a deploy. Each call may be made
 * again, and is done when core routers were seen to follow; what was switched stays so over restarts and deploys. The
 * order is the caller's: withdraw here, then announce there, so that no address is ever announced twice.
 */
export class ServiceMoves {
  readonly #moves: ReadonlyMap<string, MovePlan>;

  constructor(
    readonly kabupaten: string,
    { moves }: Pick<DrcPlan, "moves">,
    readonly engineOf: EngineOf,
  ) {
    this.#moves = new Map(moves.map((move) => [move.service, move]));
  }

  /** Names of all services that can be moved, sorted. */
  get services(): readonly string[] {
    return [...this.#moves.keys()];
  }

  /**
   * Has a site no longer announce a service. Where the gateway stands still, that is written down for its next start.
   * @returns why it could not be done or seen
   */
  async withdraw(site: SiteName, service: string): Promise<Diagnostic | undefined> {
    const { homes } = this.#move(service);
    const gateway = this.#container("gateway", homes[site].gateway);
    const engine = this.engineOf(site);
    const done = await engine.run(["docker", "exec", gateway, COMMAND, "withdraw", service]);
    if (done.code !== 0 && !(await this.#recordWithdrawn(site, service)))
      return refused("withdraw", site, service, gateway, done.stderr);
    const gone = await this.#follows(service, (sites) => !sites.has(site));
    return gone ? undefined : notFollowed("withdrawn", site, service);
  }

  /**
   * Has a site announce a service, and waits until its own core routers lead there.
   * @returns why it could not be done or seen
   */
  async announce(site: SiteName, service: string): Promise<Diagnostic | undefined> {
    const { homes } = this.#move(service);
    const gateway = this.#container("gateway", homes[site].gateway);
    const argv = ["docker", "exec", gateway, COMMAND, "announce", service];
    const done = await this.engineOf(site).run(argv);
    if (done.code !== 0) return refused("announce", site, service, gateway, done.stderr);
    const there = await this.#follows(service, (sites) => sites.has(site));
    return there ? undefined : notFollowed("announced", site, service);
  }

  /** Every service with its switches and where routers lead. */
  state(): Promise<readonly ServiceState[]> {
    return Promise.all(
      this.services.map(async (service) => {
        const [pusatData, drc] = await Promise.all(
          SITES.map((site) => this.#switch(site, service)),
        );
        const leads = await this.#leadsTo(service);
        return {
          service,
          switches: { "pusat-data": pusatData!, drc: drc! },
          leadsTo: SITES.filter((site) => leads.has(site)),
        };
      }),
    );
  }

  async #switch(site: SiteName, service: string): Promise<Switch> {
    const gateway = this.#container("gateway", this.#move(service).homes[site].gateway);
    const argv = ["docker", "exec", gateway, COMMAND, "state"];
    const { code, stdout } = await this.engineOf(site).run(argv);
    const line = stdout.split("\n").find((each) => each.startsWith(`${service} `));
    if (code !== 0 || line === undefined) return "silent";
    return line.endsWith(" announced") ? "announced" : "withdrawn";
  }

  /** In the volume of a gateway that does not run; false where even that cannot be reached. */
  async #recordWithdrawn(site: SiteName, service: string): Promise<boolean> {
    const gateway = this.#container("gateway", this.#move(service).homes[site].gateway);
    const engine = this.engineOf(site);
    const format = "{{.State.Running}} {{.Image}}";
    const seen = await engine.run(["docker", "container", "inspect", "--format", format, gateway]);
    const [running, image] = seen.stdout.trim().split(" ");
    if (seen.code !== 0 || running !== "false" || image === undefined) return false;
    const helper = ["docker", "run", "--rm", "--network", "none", "--log-driver", "none"];
    const rights = ["--security-opt", "no-new-privileges", "--cap-drop", "ALL"];
    const mounted = ["--volumes-from", gateway, "--entrypoint", COMMAND, image];
    const argv = [...helper, ...rights, ...mounted, "record", "withdrawn", service];
    return (await engine.run(argv)).code === 0;
  }

  async #follows(
    service: string,
    wanted: (sites: ReadonlySet<SiteName>) => boolean,
  ): Promise<boolean> {
    const until = Date.now() + PATIENCE;
    for (;;) {
      if (wanted(await this.#leadsTo(service))) return true;
      if (Date.now() > until) return false;
      await setTimeout(PAUSE);
    }
  }

  /** By the routes that core routers hold, best or not: what one of them still has somebody still announces. */
  async #leadsTo(service: string): Promise<ReadonlySet<SiteName>> {
    const { prefix, homes } = this.#move(service);
    const argv = [
      "sh",
      "-c",
      `birdc -r show route ${prefix.ipv4.text}; birdc -r show route ${prefix.ipv6.text}`,
    ];
    const asked = SITES.flatMap((site) => homes[site].cores.map((core) => ({ site, core })));
    const seen = await Promise.all(
      asked.map(async ({ site, core }) => {
        const container = this.#container("router", core);
        const answer = await this.engineOf(site).run(["docker", "exec", container, ...argv]);
        return answer.stdout;
      }),
    );
    const asns = new Set(
      seen.flatMap((text) =>
        Array.from(text.matchAll(/\[AS(\d+)[ie?]\]/g), ([, asn]) => Number(asn)),
      ),
    );
    return new Set(SITES.filter((site) => asns.has(homes[site].asn)));
  }

  #move(service: string): MovePlan {
    const move = this.#moves.get(service);
    if (move === undefined) throw new Error(`${service} has no second home in the plan`);
    return move;
  }

  #container(role: "gateway" | "router", name: string): string {
    return engineName({ kabupaten: this.kabupaten, role, name });
  }
}

/** In the gateways' image (images/router). */
const COMMAND = "/usr/local/bin/simpul-moves";

function refused(
  verb: "announce" | "withdraw",
  site: SiteName,
  service: string,
  gateway: string,
  said: string,
): Diagnostic {
  const first = said.trim().split("\n")[0] ?? "";
  return {
    id: "service-not-switched",
    severity: "error",
    what: `${gateway} at ${site} could not be told to ${verb} ${service}${first === "" ? "" : `: ${first}`}`,
    why: "the announcement of its service address decides where people reach a server",
    fix: `docker ps --all --filter name=${gateway} says whether it runs; docker exec ${gateway} simpul-moves state shows how it is switched. The same command again goes on from there`,
  };
}

function notFollowed(done: "announced" | "withdrawn", site: SiteName, service: string): Diagnostic {
  return {
    id: "service-not-followed",
    severity: "error",
    what: `${site} has ${service} ${done}, and core routers were not seen to follow within ${PATIENCE / 1000} s`,
    why:
      done === "announced"
        ? "nobody reaches the server at that site yet"
        : "who announces it elsewhere now would be the second at the same time",
    fix: "simpul verify wan says which sessions of the gateway and of the core routers are down",
  };
}
