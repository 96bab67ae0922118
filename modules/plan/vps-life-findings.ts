import { errorAt, type Diagnostic } from "../core/diagnostic.ts";
import type { CalendarDate } from "../core/calendar-date.ts";
import type { Inventory, Vps } from "../inventory/model.ts";
import { lifeOf, NOTICE_DAYS } from "./vps-state.ts";

/** What the day says about each VPS: who is told that its time is ending, and what cannot be on that day. */
export function lifeFindings(inventory: Inventory, today: CalendarDate): readonly Diagnostic[] {
  return inventory.vps.flatMap((vps) => {
    const life = lifeOf(inventory, vps, today);
    const left = today.daysUntil(vps.expires);
    if (life === "requested" && left < 0) return [requestedTooLate(vps, today)];
    if (life === "expired") return [expired(vps, -left)];
    if (life === "expiring") return [expiring(vps, left)];
    if (vps.finalBackup !== undefined && today.isBefore(vps.finalBackup.date))
      return [provenInFuture(vps, today)];
    return [];
  });
}

/** Only a file that nobody has merged yet: what stands is told that it has expired. */
function requestedTooLate({ name, expires, origin }: Vps, today: CalendarDate): Diagnostic {
  return errorAt(
    origin.at("expires"),
    "expires-in-past",
    `${name} is asked for until ${expires.text}, and today is ${today.text}`,
    "it would have expired before it began",
    "write the last day on which it is needed",
  );
}

/** It runs on: a date alone stops no server (ADR-0024). */
function expired({ name, expires, origin }: Vps, days: number): Diagnostic {
  return {
    id: "vps-expired",
    severity: "warning",
    at: origin.at("expires"),
    what: `${name} expired ${daysText(days)} ago (${expires.text}), and still runs`,
    why: "it takes room that others ask for; it stops when its file says so, never by a date alone",
    fix: "write a later expires if it is needed, or state: suspended, which stops it and keeps its data",
  };
}

function expiring({ name, owner, expires, origin }: Vps, days: number): Diagnostic {
  const soon = days <= NOTICE_DAYS[1];
  const when = days === 0 ? "today" : `in ${daysText(days)}`;
  return {
    id: "vps-expiring",
    severity: soon ? "warning" : "info",
    at: origin.at("expires"),
    what: `${name} of ${owner} expires ${when} (${expires.text})`,
    why: `owners are told ${NOTICE_DAYS.join(", ")} days before, so that none is surprised`,
    fix: "write a later expires if it is needed, else let it be: state: suspended stops it, state: archived ends it",
  };
}

function provenInFuture({ name, finalBackup, origin }: Vps, today: CalendarDate): Diagnostic {
  return errorAt(
    origin.at("final_backup", "date"),
    "proof-in-future",
    `the final backup of ${name} is proven on ${finalBackup!.date.text}, and today is ${today.text}`,
    "the server may be removed because of it",
    "restore and compare the snapshot, then write the day on which that was done",
  );
}

function daysText(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
