import type { DualAddress, DualPrefix } from "../core/dual.ts";
import type { ServerPlan } from "./vps-plan.ts";

export interface DnsPlan {
  /** Sorted by name. */
  readonly zones: readonly ZonePlan[];
  /** Signs; known to its secondaries only (hidden primary). */
  readonly primary: ServerPlan;
  readonly secondaries: readonly ServerPlan[];
  readonly resolvers: readonly ServerPlan[];
  /** Where everybody asks for names: every resolver answers there, and the nearest is asked (ADR-0033). */
  readonly asked: DualAddress;
  /** Who may ask the resolvers: the kabupaten's own block. */
  readonly clients: DualPrefix;
}

export interface ZonePlan {
  /** Absolute, with its final dot: `intra.temanggungkab.go.id.` */
  readonly name: string;
  /** Whether strangers may ask the secondaries for it. */
  readonly visibility: "public" | "internal";
  /** Sorted; the SOA is the server's own. */
  readonly records: readonly RecordPlan[];
}

export interface RecordPlan {
  /** Absolute, with its final dot. */
  readonly name: string;
  readonly type: "NS" | "A" | "AAAA" | "PTR" | "CNAME" | "TXT";
  /** Seconds. */
  readonly ttl: number;
  /** In master-file form (RFC 1035 section 5), names absolute. */
  readonly data: string;
  /** Slug of who answers for the name: an agency, or the Dinas. */
  readonly owner: string;
}
