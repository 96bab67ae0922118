import type { Inventory } from "../../inventory/model.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { LiveState } from "./live-state.ts";

/** What a picture shows: the plan, what only the inventory knows (media, purposes, contacts), and how things are. */
export interface Subject {
  readonly plan: KabupatenPlan;
  readonly inventory: Pick<
    Inventory,
    "wan" | "perangkatDaerah" | "desa" | "vps" | "racks" | "trustAnchors"
  >;
  /** Absent where it is not known: then the picture shows the plan alone. */
  readonly live?: LiveState | undefined;
}
