import { compareTexts } from "../../core/diagnostic.ts";
import type { DualAddress, DualPrefix } from "../../core/dual.ts";
import type { Inventory, Medium } from "../../inventory/model.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";
import type { ServerPlan } from "../../plan/vps-plan.ts";
import type { EngineRole } from "../../plan/engine-names.ts";
import { boxOf, MARK_WIDTH, type BoxContent } from "./box.ts";
import type { LineStyle } from "./canvas.ts";
import { kindOfVillage } from "./lan-words.ts";
import { linkMark, routerMark, serverMark, type Mark } from "./live-words.ts";
import { COLOUR, SIZE } from "./look.ts";
import { shortPair } from "./short-address.ts";
import type { Subject } from "./subject.ts";
import { textWidth } from "./text-metrics.ts";
import { INDENT, type Tree } from "./tree.ts";

/** Outer width of all boxes of a picture. */
export function boxWidth({ live }: Subject): number {
  return 290 + (live === undefined ? 0 : MARK_WIDTH) + 2;
}

const VALUE_PADDING = 10;

/** A POP, its access segment, and the routers of agencies and desa that hang on it. */
export function popTree(subject: Subject, pop: RouterPlan): Tree {
  const { plan, inventory, live } = subject;
  const behind = pop.hubs.map(({ segment }) => segment);
  const medium = mediumOfAccess(inventory.wan, pop);
  const access = plan.segments
    .filter(({ name }) => behind.includes(name))
    .map(({ name, prefix }) => `${name}, ${medium}: ${shortPair(plan, prefix).join(", ")}`);
  const children = (["perangkat-daerah", "desa"] as const).flatMap((wanted) =>
    routersOf(
      plan,
      ({ tier, uplinks }) =>
        tier === wanted && uplinks.some(({ segment }) => behind.includes(segment)),
    ),
  );
  const line = { colour: COLOUR.pop, dashed: medium === "radio" };
  return {
    id: nodeId(pop),
    head: boxOf(
      {
        title: pop.title,
        remarks: [`AS ${pop.asn}, ${pop.loopback.ipv4}`, ...access],
        head: true,
        ground: COLOUR.pop,
        mark: routerMark(plan, live, pop),
      },
      boxWidth(subject),
    ),
    continued: continuedBox(subject, pop.title, COLOUR.pop),
    line,
    children: children.map((router) => ({
      id: nodeId(router),
      box: leafBox(subject, {
        title: router.title,
        remarks: leafRemarks(inventory, router),
        values: shortPair(plan, router.lan ?? router.loopback),
        mark: routerMark(plan, live, router),
        ...(router.kind === "external" && { border: COLOUR.external }),
      }),
      line: stretch(line, behind.map((name) => linkMark(plan, live, router, name)).find(isThere)),
    })),
  };
}

/** A tenant: its gateway, its segment, and its servers by service address. */
export function gatewayTree(subject: Subject, gateway: RouterPlan): Tree {
  const { plan, live } = subject;
  const segments = plan.segments.filter(
    ({ kind, name }) => kind !== "site" && gateway.interfaces.some((one) => one.segment === name),
  );
  const line = { colour: COLOUR.gateway };
  return {
    id: nodeId(gateway),
    head: boxOf(
      {
        title: gateway.title,
        remarks: [
          `AS ${gateway.asn}, ${gateway.loopback.ipv4}`,
          ...segments.map(({ name, prefix }) => `${name}: ${shortPair(plan, prefix).join(", ")}`),
        ],
        head: true,
        ground: COLOUR.gateway,
        mark: routerMark(plan, live, gateway),
      },
      boxWidth(subject),
    ),
    continued: continuedBox(subject, gateway.title, COLOUR.gateway),
    line,
    children: serversOn(
      plan,
      segments.map(({ name }) => name),
    ).map(({ server, role, remark }) => {
      const mark = serverMark(plan, live, role, server);
      return {
        id: `${role} ${server.name}`,
        box: leafBox(subject, {
          title: server.name,
          remarks: [remark],
          values: shortPair(plan, server.service),
          mark,
        }),
        line,
      };
    }),
  };
}

/** A core router, or another that stands on a site without a segment of its own behind it. */
export function siteRouterTree(subject: Subject, router: RouterPlan): Tree {
  const { plan, live } = subject;
  return {
    id: nodeId(router),
    head: boxOf(
      {
        title: router.title,
        remarks: [`${router.name}, AS ${router.asn}`, shortPair(plan, router.loopback).join(", ")],
        head: true,
        ground: router.tier === "core" ? COLOUR.core : COLOUR.external,
        mark: routerMark(plan, live, router),
      },
      boxWidth(subject),
    ),
    continued: continuedBox(subject, router.title, COLOUR.core),
    line: { colour: COLOUR.core },
    children: [],
  };
}

/** The style of one router's own stretch of a segment: coloured and marked by its state. */
export function stretch(line: LineStyle, mark: Mark | undefined): LineStyle {
  if (mark === undefined) return line;
  const sign = mark.level === "good" ? {} : { sign: mark.sign, width: 2.2 };
  return { ...line, ...sign, colour: mark.colour };
}

export function nodeId({ role, name }: RouterPlan): string {
  return `${role} ${name}`;
}

/** Sorted by what people call them. */
export function routersOf(
  { routers }: KabupatenPlan,
  wanted: (router: RouterPlan) => boolean,
): readonly RouterPlan[] {
  return routers
    .filter(wanted)
    .toSorted((a, b) => compareTexts(a.title, b.title) || compareTexts(a.name, b.name));
}

function mediumOfAccess({ pops }: Inventory["wan"], { name }: RouterPlan): Medium {
  return pops.find((pop) => `pop-${pop.name}` === name)?.medium ?? "fiber";
}

/** `desa`, `kelurahan, external router`: what a bare name does not say. */
function leafRemarks({ desa }: Subject["inventory"], router: RouterPlan): readonly string[] {
  const village = router.tier === "desa" && desa.find(({ name }) => name === router.name);
  const kind = village ? [kindOfVillage(village.code)] : [];
  const said = [...kind, ...(router.kind === "external" ? ["external router"] : [])];
  return said.length === 0 ? [] : [said.join(", ")];
}

function leafBox(subject: Subject, content: BoxContent): Tree["head"] {
  return boxOf(content, boxWidth(subject) - INDENT, valueWidth(subject.plan));
}

/** As wide as the widest of any LAN, so that all stand in one line. */
function valueWidth(plan: KabupatenPlan): number {
  const pairs: readonly (DualAddress | DualPrefix)[] = [
    ...plan.routers.map(({ lan, loopback }) => lan ?? loopback),
    ...plan.vps.map(({ service }) => service),
  ];
  const widths = pairs.flatMap((pair) => {
    const [ipv4, ipv6] = shortPair(plan, pair);
    return [textWidth(ipv4, SIZE.text), textWidth(ipv6, SIZE.small)];
  });
  return Math.ceil(Math.max(0, ...widths)) + VALUE_PADDING;
}

function continuedBox(subject: Subject, title: string, ground: string): Tree["head"] {
  return boxOf({ title: `${title} (continued)`, head: true, ground }, boxWidth(subject));
}

interface SeatedServer {
  readonly server: ServerPlan & { readonly running?: boolean };
  readonly role: EngineRole;
  readonly remark: string;
}

function serversOn(plan: KabupatenPlan, segments: readonly string[]): readonly SeatedServer[] {
  const { primary, secondaries, resolvers } = plan.dns;
  const nameServer = { role: "name-server" } as const;
  const all: readonly SeatedServer[] = [
    { server: primary, ...nameServer, remark: "hidden primary name server" },
    ...secondaries.map((server) => ({ server, ...nameServer, remark: "public name server" })),
    ...resolvers.map((server) => ({ server, role: "resolver" as const, remark: "resolver" })),
    ...plan.vps.map((server) => ({
      server,
      role: "vps" as const,
      remark: server.running ? "VPS" : "VPS, suspended",
    })),
  ];
  return all
    .filter(({ server }) => segments.includes(server.segment))
    .toSorted((a, b) => compareTexts(a.server.name, b.server.name));
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
