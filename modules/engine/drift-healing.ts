import { networkOf } from "./container-facts.ts";
import { SERVERS, type DriftClass, type Healing } from "./deviation.ts";
import type { FactDifference } from "./facts.ts";

/** The fact of whether a container runs. */
export const RUNS = "state";

/** What `docker update` and `docker rename` set on a running container. */
const UPDATED_LIVE = new Set([
  "name",
  "memory",
  "memory with swap",
  "memory reservation",
  "processors",
  "share of processors",
  "processors by number",
  "processes",
  "restart policy",
]);

/** What the provider changes without making a container anew, host steps included. */
const UPDATED_BY_TERRAFORM = new Set([
  "memory",
  "memory with swap",
  "share of processors",
  "restart policy",
  "processors",
  "processes",
  RUNS,
]);

/** States from which a container comes back by one call. */
const STARTABLE = new Set(["stopped", "paused", "created", "running"]);

/** Who puts right a container whose facts differ. */
export function containerHealing(
  driftClass: DriftClass,
  role: string,
  differences: readonly FactDifference[],
): Healing {
  if (driftClass === "merged-not-applied") {
    const inPlace = differences.every(({ fact }) => UPDATED_BY_TERRAFORM.has(fact));
    return inPlace || !SERVERS.has(role) ? "terraform" : "when-named";
  }
  if (role === "config") return "replace";
  if (differences.every((one) => healsLive(one, SERVERS.has(role)))) return "live";
  return SERVERS.has(role) ? "when-named" : "replace";
}

function healsLive({ fact, expected, actual }: FactDifference, server: boolean): boolean {
  if (fact === RUNS) return STARTABLE.has(actual ?? "");
  // A limit by --cpus cannot be lifted on a running container, only changed.
  if (fact === "processors") return expected !== "unlimited" || server;
  // A router sets its addresses and routes as it starts; a server's are set from outside after its network is back.
  if (networkOf(fact) !== undefined) return server;
  return UPDATED_LIVE.has(fact);
}
