import { compareTexts } from "../core/diagnostic.ts";
import type { DualAddress, DualPrefix } from "../core/dual.ts";
import type { KabupatenPlan, SegmentPlan } from "../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { escaped, type Table, tableLabel, type TableRow } from "./dot-table.ts";

/** Dark variants of Okabe and Ito's colours, which the colour-blind tell apart; segments are light. */
const LOOK = {
  core: { colour: "#005a8c", textColour: "white" },
  pop: { colour: "#00624a", textColour: "white" },
  gateway: { colour: "#9c4000", textColour: "white" },
  segment: { colour: "#f0e4c0", textColour: "black" },
} as const satisfies Record<string, Pick<Table, "colour" | "textColour">>;

/**
 * The WAN as a picture in Graphviz' language: sites with their tenants at the left, the backbone in the middle, POPs
 * with everything behind them at the right. Sorted, so that the same plan gives the same text.
 */
export function wanDiagram(plan: KabupatenPlan): string {
  const sites = segmentsOf(plan, "site");
  const backbones = segmentsOf(plan, "backbone");
  const pops = routersOf(plan, "pop");
  const columns = Math.ceil(pops.length / POPS_PER_COLUMN);
  const body = [
    ...sites.map((site) => siteCluster(plan, site)),
    ...backbones.map((segment) => segmentNode(segment)),
    ...pops.map((pop) => popNode(plan, pop)),
    ...routersOf(plan, "core").flatMap((core) => edgesTo(core, backbones, "right")),
    ...pops.flatMap((pop, index) => edgesTo(pop, backbones, "left", 1 + (index % columns))),
  ];
  return `${head(plan)}\n${body.join("\n")}\n}\n`;
}

function head({ title, domain, routers, vps }: KabupatenPlan): string {
  const counts = `${routers.length} routers, ${vps.length} VPS`;
  const label = `<${escaped(`WAN and Pusat Data of ${title} (${domain}): ${counts}`)}>`;
  return `graph wan {
  graph [rankdir=LR, ordering=out, bgcolor=white, nodesep=0.2, ranksep=0.35, pad=0.15, outputorder=edgesfirst, labelloc=t, fontname="${FONT}", fontsize=14, label=${label}];
  node [shape=plain, fontname="${FONT}", fontsize=11];
  edge [color="#4d4d4d", penwidth=1.5];`;
}

const FONT = "Helvetica,Arial,sans-serif";

/** More POPs than this are put into further columns, so that the picture stays about as wide as it is high. */
const POPS_PER_COLUMN = 7;

/** A site: its tenants, the segment between their gateways and the core, its core routers. */
function siteCluster(plan: KabupatenPlan, site: SegmentPlan): string {
  const tenants = routersOf(plan, "gateway").filter((router) => standsOn(router, site));
  const cores = routersOf(plan, "core").filter((router) => standsOn(router, site));
  return [
    `  subgraph "cluster ${site.name}" {`,
    `    graph [style="rounded,filled", color="#b0b0b0", fillcolor="#f7f7f7", label=""];`,
    segmentNode(site),
    ...cores.map(coreNode),
    ...tenants.map((gateway) => tenantNode(plan, gateway)),
    ...tenants.flatMap((gateway) => edgesTo(gateway, [site], "right")),
    ...cores.flatMap((core) => edgesTo(core, [site], "left")),
    "  }",
  ].join("\n");
}

function segmentNode({ name, prefix }: SegmentPlan): string {
  const label = tableLabel({ title: name, remarks: pair(prefix), ...LOOK.segment, rows: [] });
  return `  "segment ${name}" [label=${label}];`;
}

function coreNode({ name, title, asn, loopback }: RouterPlan): string {
  const remarks = [`AS ${asn}`, ...pair(loopback)];
  const label = tableLabel({ title, remarks, ...LOOK.core, rows: [] });
  return `  "router ${name}" [label=${label}];`;
}

/** A POP, its access segment, and the routers of agencies and desa that hang on it. */
function popNode(plan: KabupatenPlan, pop: RouterPlan): string {
  const behind = pop.hubs.map(({ segment }) => segment);
  const label = tableLabel({
    title: pop.title,
    remarks: [`AS ${pop.asn}`],
    ...LOOK.pop,
    rows: [
      ...behind.flatMap((name) =>
        segmentsOf(plan, "access")
          .filter((segment) => segment.name === name)
          .map(({ prefix }) => ({
            label: name,
            values: pair(prefix),
            colour: LOOK.segment.colour,
          })),
      ),
      ...(["perangkat-daerah", "desa"] as const).flatMap((tier) =>
        routersOf(plan, tier)
          .filter(({ uplinks }) => uplinks.some(({ segment }) => behind.includes(segment)))
          .map(lanRow),
      ),
    ],
  });
  return `  "router ${pop.name}" [label=${label}];`;
}

function lanRow({ title, kind, lan, loopback }: RouterPlan): TableRow {
  return {
    label: title,
    ...(kind === "external" && { remark: "external router" }),
    values: pair(lan ?? loopback),
  };
}

/** A tenant: its gateway, its segment, and its servers by service address. */
function tenantNode(plan: KabupatenPlan, gateway: RouterPlan): string {
  const { primary, secondaries, resolvers } = plan.dns;
  const nameServers = [primary, ...secondaries, ...resolvers].map(serverRow);
  const vps = plan.vps.map((server) => ({
    ...serverRow(server),
    ...(!server.running && { remark: "suspended" }),
  }));
  const segments = plan.segments.filter(
    ({ kind, name }) => kind === "tenant" && gateway.interfaces.some((one) => one.segment === name),
  );
  const label = tableLabel({
    title: gateway.title,
    remarks: [`AS ${gateway.asn}`, ...segments.flatMap(({ prefix }) => pair(prefix))],
    ...LOOK.gateway,
    rows: [...nameServers, ...vps]
      .filter(({ segment }) => segments.some(({ name }) => name === segment))
      .toSorted((a, b) => compareTexts(a.label, b.label)),
  });
  return `  "gateway ${gateway.name}" [label=${label}];`;
}

function serverRow({ name, segment, service }: ServerPlan): TableRow & Pick<ServerPlan, "segment"> {
  return { label: name, segment, values: pair(service) };
}

/** Edges run from the left to the right, for that is what places the nodes. */
function edgesTo(
  router: RouterPlan,
  segments: readonly SegmentPlan[],
  segmentIs: "left" | "right",
  columns = 1,
): readonly string[] {
  const node = `"${router.role} ${router.name}"`;
  return segments
    .filter((segment) => standsOn(router, segment))
    .map(({ name }) =>
      segmentIs === "right"
        ? `  ${node}:head:e -- "segment ${name}";`
        : `  "segment ${name}" -- ${node}:head:w [minlen=${columns}];`,
    );
}

function standsOn(router: RouterPlan, { name }: SegmentPlan): boolean {
  return router.interfaces.some(({ segment }) => segment === name);
}

function segmentsOf(
  { segments }: KabupatenPlan,
  kind: SegmentPlan["kind"],
): readonly SegmentPlan[] {
  return segments
    .filter((segment) => segment.kind === kind)
    .toSorted((a, b) => compareTexts(a.name, b.name));
}

function routersOf({ routers }: KabupatenPlan, tier: RouterPlan["tier"]): readonly RouterPlan[] {
  return routers
    .filter((router) => router.tier === tier)
    .toSorted((a, b) => compareTexts(a.title, b.title) || compareTexts(a.name, b.name));
}

function pair({ ipv4, ipv6 }: DualAddress | DualPrefix): readonly string[] {
  return [ipv4.text, ipv6.text];
}
