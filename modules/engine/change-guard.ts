import type { Diagnostic } from "../core/diagnostic.ts";
import { bytes } from "./byte-words.ts";
import type { Shrinking } from "./host-step-change.ts";
import type { ChangeSummary, PlanSummary, StackSummary } from "./plan-summary.ts";

/** What somebody allowed by name on the command line, as `role/name`: `vps/ppdb-online`. */
export interface Permissions {
  /** May be stopped and made anew; its data stays. */
  readonly replace: ReadonlySet<string>;
  /** May go, data included. */
  readonly destroy: ReadonlySet<string>;
  /** Servers that the inventory calls by another name now (`was:`): old key -> new name. */
  readonly renamed?: ReadonlyMap<string, string>;
}

/** Servers whose container is somebody's running work. */
const SERVERS = new Set(["vps", "colocation", "database-standby"]);

/**
 * Roles whose volumes can be made again from the plan. All others are guarded, unknown ones too: a wrong refusal costs
 * a flag on the command line, a wrong deletion costs data.
 */
const REMAKEABLE = new Set([
  "config",
  "router",
  "gateway",
  // Its keys are kept among the secrets, and serials follow the clock.
  "name-server",
  "resolver",
  "edge",
  "backup-runner",
  "prober",
  "portal",
]);

/**
 * Refuses what would stop a server that is somebody's work, or lose data, unless it was named (DESIGN section 6).
 * @returns one error for each such change
 */
export function guardChanges(
  summary: PlanSummary,
  permissions: Permissions,
): readonly Diagnostic[] {
  const named = ({ role, name }: Server): boolean => {
    const key = `${role}/${name}`;
    return permissions.replace.has(key) || permissions.destroy.has(key);
  };
  return [
    ...summary.stacks.flatMap((stack) =>
      stack.changes.flatMap((change) => refusal(stack, change, permissions) ?? []),
    ),
    ...summary.orphans.serving.filter((server) => !named(server)).map(stateLost),
  ];
}

type Server = PlanSummary["orphans"]["serving"][number];

function stateLost({ stack, role, name }: Server): Diagnostic {
  return {
    id: "unnamed-replace",
    severity: "error",
    what: `${role} ${name} is at work, but the state of ${stack} does not know it: it would have to be made anew`,
    why: "everything outside its volume and its running programs would be lost, and no server is replaced unless it is named",
    fix: `bring the state back from its copy (.simpul/state), or allow it: --replace ${role}/${name}`,
  };
}

function refusal(
  stack: StackSummary,
  change: ChangeSummary,
  { replace, destroy, renamed }: Permissions,
): Diagnostic | undefined {
  if (change.shrinks !== undefined) return diskShrinks(stack, change.shrinks);
  if (change.action !== "replace" && change.action !== "destroy") return undefined;
  const key = `${change.role || "volume"}/${change.name}`;
  const newName = renamed?.get(key);
  if (newName !== undefined && change.action === "destroy" && !destroy.has(key))
    return change.type === "docker_container" ? renameKeepsNoDisk(key, newName) : undefined;
  if (change.type === "docker_volume") {
    if (REMAKEABLE.has(change.role) || destroy.has(key)) return undefined;
    return refuse(
      stack,
      change,
      key,
      "destroy",
      "its data would be lost, and no plan may lose data that was not named",
    );
  }
  if (change.type !== "docker_container" || !SERVERS.has(change.role)) return undefined;
  if (change.action === "replace" && change.unfinished) return undefined;
  if (destroy.has(key) || (change.action === "replace" && replace.has(key))) return undefined;
  return change.action === "destroy"
    ? refuse(
        stack,
        change,
        key,
        "destroy",
        change.role === "colocation"
          ? "it stands for a server of its owner; that leaves by `state: removed`"
          : "it is a server of its owner, and its disk goes with it; a VPS leaves by `state: archived`, with its final backup filed",
      )
    : refuse(
        stack,
        change,
        key,
        "replace",
        "everything outside its volume and its running programs would be lost",
      );
}

function diskShrinks({ name }: StackSummary, { vps, fromBytes, toBytes }: Shrinking): Diagnostic {
  return {
    id: "disk-shrinks",
    severity: "error",
    what: `the plan of ${name} would shrink the disk of VPS ${vps} from ${bytes(fromBytes)} to ${bytes(toBytes)}`,
    why: "a file system in use cannot become smaller, and what lies at its end would be lost; disks only grow",
    fix: `write disk: ${bytes(fromBytes).replace(" ", "")} or more in its file; a smaller one needs a new VPS beside it, and its data copied`,
  };
}

/** Said once, for the container: volume and disk go the same way. */
function renameKeepsNoDisk(key: string, newName: string): Diagnostic {
  return {
    id: "rename-keeps-no-disk",
    severity: "error",
    what: `${key} is called ${newName} now: its addresses go over to the new name, its disk does not`,
    why: "disk, container and name are one: a new one would begin empty, and the old one would be removed with its data",
    fix: `keep the old name; or make ${newName} beside it without \`was:\`, copy the data, and archive the old one; or give its data up: --destroy ${key}`,
  };
}

function refuse(
  stack: StackSummary,
  change: ChangeSummary,
  key: string,
  flag: "replace" | "destroy",
  why: string,
): Diagnostic {
  const because = change.because.length > 0 ? `, because of ${change.because.join(", ")}` : "";
  const verb = change.action === "destroy" ? "remove" : "replace";
  return {
    id: `unnamed-${change.action}`,
    severity: "error",
    what: `the plan of ${stack.name} would ${verb} ${change.noun} ${change.name}${because}`,
    why: `${why} (Pusat Data: no VPS, volume or backup repository is replaced or destroyed unless it is named)`,
    fix: `undo what asks for it in the inventory, or allow it: --${flag} ${key}`,
  };
}
