import type { ObjectKind } from "./docker-objects.ts";
import type { FactDifference } from "./facts.ts";

/**
 * Why plan, state and engine do not agree: somebody changed the engine; the plan moved on; it left the plan and is still
 * there; or nobody who plans knows of it.
 */
export type DriftClass = "drifted" | "merged-not-applied" | "applied-not-in-git" | "foreign";

/** What is the matter with a thing. */
export type Condition =
  /** Some of its facts are not as they should be. */
  | "differs"
  /** It is not on the engine. */
  | "absent"
  /** It bears a declared name, but was not made by the state. */
  | "not-in-state"
  /** Nothing declares it any more, or ever did. */
  | "undeclared"
  /** A container of somebody else's on one of the kabupaten's networks. */
  | "attached";

/** Who puts it right in a deploy. */
export type Healing =
  /** Calls to the engine, without a restart. */
  | "live"
  /** Terraform's plan does it by itself. */
  | "terraform"
  /** Terraform, told to make the container anew. */
  | "replace"
  /** Only when the server is named: `--replace vps/NAME`, `--destroy vps/NAME`. */
  | "when-named"
  /** A person. */
  | "nobody";

/** One thing that is not as planned, and what a deploy does about it. */
export interface Deviation {
  readonly class: DriftClass;
  readonly condition: Condition;
  readonly kind: ObjectKind;
  /** Name of the stack; empty where none has to do with it. */
  readonly stack: string;
  /** Role and slug (DESIGN section 10); empty for a stranger's. */
  readonly role: string;
  readonly name: string;
  readonly engineName: string;
  /** The engine's id, where it is there. */
  readonly id?: string;
  /** Address in the stack, where it is declared or known to the state. */
  readonly address?: string;
  /** Expected is the plan's, actual the engine's; of `merged-not-applied`, actual is what was applied. */
  readonly differences: readonly FactDifference[];
  readonly healing: Healing;
}

/** Roles whose containers are somebody's work: they are never made anew without being named. */
export const SERVERS: ReadonlySet<string> = new Set(["vps", "colocation", "database-standby"]);

/** Roles whose volumes hold what the plan cannot make again. */
export const WITH_DATA: ReadonlySet<string> = new Set([
  ...SERVERS,
  "name-server",
  "backup-server",
  "backup-runner",
]);

/** The key by which a server is named on the command line: `vps/ppdb-online`. */
export function serverKey({ role, name }: Pick<Deviation, "role" | "name">): string {
  return `${role}/${name}`;
}
