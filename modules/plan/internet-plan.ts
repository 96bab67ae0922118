import type { DualPrefixes } from "../core/dual.ts";
import type { Prefix } from "../core/prefix.ts";
import type { InternetAccess, Inventory } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { resolverQuestions } from "./firewall-plan.ts";
import { OUTER_SEGMENT } from "./internet-access.ts";
import type { ExitPlan, ShapedClass } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";
import type { ServerSeat } from "./servers.ts";

/** Whom the exit lets out, where to, and how much of the line each has. */
export function planExit(
  access: InternetAccess,
  { kabupaten, perangkatDaerah, desa }: Inventory,
  { lans, services }: AddressPlan,
  servers: readonly ServerSeat[],
): ExitPlan {
  const lanOf = (name: string): DualPrefixes => {
    const lan = lans.get(name);
    return prefixLists(lan === undefined ? [] : [lan]);
  };
  const agencies = perangkatDaerah.filter(({ internet }) => internet === "allowed");
  const villages = desa.filter(({ status }) => status === "active");
  const resolvers = prefixLists(
    servers
      .filter(({ role }) => role === "resolver")
      .flatMap(({ name }) => services.get(name) ?? [])
      .map(hostPrefix),
  );
  return {
    segment: OUTER_SEGMENT,
    ...access,
    bandwidth: access.bandwidth.bitsPerSecond,
    clients: joined([...agencies, ...villages].map(({ name }) => lanOf(name))),
    openings: resolverQuestions(resolvers),
    denied: kabupaten.internet.deny,
    classes: shareOut(
      access.bandwidth.bitsPerSecond,
      agencies.map(({ name, bandwidth }) => ({
        name,
        bitsPerSecond: bandwidth.bitsPerSecond,
        prefixes: lanOf(name),
      })),
    ),
  };
}

/** The router's own traffic, so that a full line never looks like a dead one to BFD: it has the right of way. */
export const CONTROL_CLASS = 2;
/** Villages, resolvers and whatever else is let out. */
export const COMMON_CLASS = 3;
const FIRST_AGENCY_CLASS = 0x10;
/** Parts of the line that are kept for the two. */
const KEPT = { control: 0.01, common: 0.1 };
/** Nobody is left without any, however many share the line. */
const LEAST = 8000;

/**
 * One class for each agency: never more than its bandwidth, and at least its part of the line when all want more than
 * there is. What is guaranteed never adds up to more than the line, else HTB would overbook it.
 */
function shareOut(
  line: number,
  agencies: readonly {
    readonly name: string;
    readonly bitsPerSecond: number;
    readonly prefixes: DualPrefixes;
  }[],
): readonly ShapedClass[] {
  const wanted = agencies.reduce((sum, { bitsPerSecond }) => sum + bitsPerSecond, 0);
  const part = Math.min(1, ((1 - KEPT.control - KEPT.common) * line) / Math.max(1, wanted));
  const nobody = prefixLists([]);
  const kept = (share: number): number => Math.max(LEAST, Math.floor(line * share));
  return [
    {
      name: "control",
      number: CONTROL_CLASS,
      guaranteed: kept(KEPT.control),
      most: line,
      prefixes: nobody,
    },
    {
      name: "common",
      number: COMMON_CLASS,
      guaranteed: kept(KEPT.common),
      most: line,
      prefixes: nobody,
    },
    ...agencies.map(({ name, bitsPerSecond, prefixes }, index) => ({
      name,
      number: FIRST_AGENCY_CLASS + index,
      guaranteed: Math.max(LEAST, Math.floor(bitsPerSecond * part)),
      most: Math.min(bitsPerSecond, line),
      prefixes,
    })),
  ];
}

function joined(lists: readonly DualPrefixes[]): DualPrefixes {
  const all = (family: "ipv4" | "ipv6"): readonly Prefix[] => lists.flatMap((one) => one[family]);
  return { ipv4: all("ipv4"), ipv6: all("ipv6") };
}
