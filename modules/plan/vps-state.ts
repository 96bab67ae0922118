import type { CalendarDate } from "../core/calendar-date.ts";
import type { Inventory, Vps } from "../inventory/model.ts";

/** Days before `expires` on which the owner is told, the first of them first. */
export const NOTICE_DAYS = [60, 14, 3] as const;

/** Where a VPS stands in its life (ADR-0024): three are written in its file, the others follow from lock and date. */
export type VpsLife = "requested" | "active" | "expiring" | "expired" | "suspended" | "archived";

/** Archived with its final backup filed: nothing of it is planned any more. Until then it is kept, stopped. */
export function hasLeft({ state, finalBackup, withoutBackup }: Vps): boolean {
  return state === "archived" && (finalBackup !== undefined || withoutBackup !== undefined);
}

/** Every VPS that has addresses and a disk: running or stopped. */
export function keptVps({ vps }: Pick<Inventory, "vps">): readonly Vps[] {
  return vps.filter((each) => !hasLeft(each));
}

/** Stopped by its file: suspended, or archived before its final backup is filed. */
export function isRunning({ state }: Vps): boolean {
  return state === "active";
}

/** Whether its addresses are pinned: what the lock does not know was neither merged nor built. */
export function isPinned({ lock }: Inventory, { name }: Vps): boolean {
  return lock.entries.has(`service/${name}`);
}

/** The state of one VPS on a day. */
export function lifeOf(inventory: Inventory, vps: Vps, today: CalendarDate): VpsLife {
  if (vps.state !== "active") return vps.state;
  if (!isPinned(inventory, vps)) return "requested";
  const left = today.daysUntil(vps.expires);
  if (left < 0) return "expired";
  return left <= NOTICE_DAYS[0] ? "expiring" : "active";
}
