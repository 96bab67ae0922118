import type { DualAddress, DualPrefixes } from "../core/dual.ts";
import type { Prefix } from "../core/prefix.ts";
import type { InternetAccess } from "../inventory/internet-model.ts";
import type { Inventory } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { isForInternet } from "./edge-plan.ts";
import { egressBeyond } from "./egress-openings.ts";
import { resolverQuestions } from "./firewall-plan.ts";
import { OUTER_SEGMENT } from "./internet-access.ts";
import { activePublications, WEB_PORTS, type Published } from "./publications.ts";
import type { ExitPlan, ShapedClass } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";
import type { ServerSeat } from "./servers.ts";

/** Whom the exit lets out, where to, and how much of the line each has. */
export function planExit(
  access: InternetAccess,
  inventory: Inventory,
  addresses: AddressPlan,
  servers: readonly ServerSeat[],
): ExitPlan {
  const { kabupaten, perangkatDaerah, desa } = inventory;
  const { lans, services } = addresses;
  const block = { ipv4: kabupaten.addressing.ipv4, ipv6: kabupaten.addressing.ipv6 };
  const lanOf = (name: string): DualPrefixes => {
    const lan = lans.get(name);
    return prefixLists(lan === undefined ? [] : [lan]);
  };
  const agencies = perangkatDaerah.filter(({ internet }) => internet === "allowed");
  const villages = desa.filter(({ status }) => status === "active");
  const addressesOf = (role: ServerSeat["role"]): readonly DualAddress[] =>
    servers
      .filter((seat) => seat.role === role)
      .flatMap(({ service }) => services.get(service) ?? []);
  const resolvers = prefixLists(addressesOf("resolver").map(hostPrefix));
  const [edge] = activePublications(inventory).some(isWebForInternet) ? addressesOf("edge") : [];
  return {
    segment: OUTER_SEGMENT,
    ...access,
    bandwidth: access.bandwidth.bitsPerSecond,
    clients: joined([...agencies, ...villages].map(({ name }) => lanOf(name))),
    openings: [...resolverQuestions(resolvers), ...egressBeyond(inventory, addresses, block)],
    ...(edge !== undefined && { inbound: { to: edge, ports: WEB_PORTS } }),
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

function isWebForInternet(one: Published): boolean {
  return one.way === "edge" && isForInternet(one);
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
