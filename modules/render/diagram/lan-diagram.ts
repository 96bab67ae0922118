import { Address } from "../../core/address.ts";
import { compareTexts } from "../../core/diagnostic.ts";
import type { DualPrefix } from "../../core/dual.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";
import type { ColocatedServerPlan, VpsPlan } from "../../plan/vps-plan.ts";
import { colocatedServers } from "../../inventory/rack.ts";
import { boxOf, type Box } from "./box.ts";
import { Chart, type EdgeStyle } from "./chart.ts";
import { serverWords } from "./colocation-words.ts";
import { linkMark, routerMark, serverMark, type Mark } from "./live-words.ts";
import { BACKBONES, COLOUR } from "./look.ts";
import { openingsFrom, openingsTo, reachableFrom } from "./opening-words.ts";
import { mediumOf } from "./media.ts";
import { momentWords } from "./moment-words.ts";
import type { Picture } from "./picture.ts";
import { calledBy, peopleOf, placeWords, rateOf } from "./lan-words.ts";
import type { Subject } from "./subject.ts";
import { wayUp } from "./way-up.ts";

const WIDTH = { router: 195, segment: 165, lan: 255, server: 330 };

/**
 * The network of one agency or desa: its LAN, the way to the core, its servers, who may reach what, and whom to ask.
 * `router` is its own router on the WAN.
 */
export function lanDiagram(subject: Subject, router: RouterPlan): Picture {
  const { plan } = subject;
  const chart = new Chart();
  const gateway = plan.routers.find(({ role, name }) => role === "gateway" && name === router.name);
  const servers = [...plan.vps, ...plan.colocation]
    .filter(({ owner }) => owner === router.name)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  drawWay(chart, subject, gateway === undefined ? [router] : [router, gateway]);
  chart.box("lan", lanBox(subject, router));
  chart.edge(id(router), "lan", { colour: COLOUR.ink });
  const reach = reachBox(subject, router);
  if (reach !== undefined) {
    chart.box("reach", reach);
    chart.column("lan", "reach");
    chart.edge("lan", "reach", { arrow: true });
  }
  for (const server of servers) {
    chart.box(`${server.role} ${server.name}`, serverBox(subject, server));
    if (gateway !== undefined)
      chart.edge(id(gateway), `${server.role} ${server.name}`, { colour: COLOUR.gateway });
  }
  const title = `Network of ${calledBy(subject, router)}`;
  const remarks = [placeWords(subject, router), ...peopleOf(subject, router), momentWords(subject)];
  return {
    dot: chart.toDot("lan", [title, ...remarks]),
    engine: "dot",
    title: `${title} (${plan.domain})`,
    description: descriptionOf(subject, router, servers),
  };
}

/** The routers and segments from the core to these. */
function drawWay(chart: Chart, subject: Subject, ends: readonly RouterPlan[]): void {
  const steps = ends.flatMap((end) => wayUp(subject.plan, end));
  const routers = new Set([...steps.flatMap(({ upper, lower }) => [upper, lower]), ...ends]);
  const edges = new Map<string, () => void>();
  for (const { lower, segment, upper } of steps) {
    const dashed = mediumOf(subject, segment) === "radio";
    const { colour } = lineOf(subject, segment);
    edges.set(`${id(upper)} ${segment}`, () =>
      chart.edge(id(upper), `segment ${segment}`, { dashed, width: 2, colour }),
    );
    const mark = linkMark(subject.plan, subject.live, lower, segment);
    edges.set(`${segment} ${id(lower)}`, () =>
      chart.edge(`segment ${segment}`, id(lower), { dashed, width: 2, colour, ...edgeOf(mark) }),
    );
  }
  for (const each of [...routers].toSorted(byId)) chart.box(id(each), routerBox(subject, each));
  for (const segment of new Set(steps.map((step) => step.segment).toSorted()))
    chart.box(`segment ${segment}`, segmentBox(subject, segment));
  for (const [, draw] of [...edges].toSorted(([a], [b]) => (a < b ? -1 : 1))) draw();
}

/** A backbone segment has the colours that it has in the picture of the WAN. */
function lineOf(
  { plan }: Subject,
  segment: string,
): { readonly colour: string; readonly ground: string } {
  const backbones = plan.segments.filter(({ kind }) => kind === "backbone").map(({ name }) => name);
  const index = backbones.toSorted(compareTexts).indexOf(segment);
  if (index === -1) return { colour: COLOUR.muted, ground: COLOUR.segment };
  const { line, ground } = BACKBONES[index % BACKBONES.length]!;
  return { colour: line, ground };
}

function edgeOf(mark: Mark | undefined): Pick<EdgeStyle, "colour" | "said"> {
  if (mark === undefined) return {};
  const words = { good: "", partly: " partly up", bad: " down", idle: "" };
  return { colour: mark.colour, said: [`${mark.sign}${words[mark.level]}`] };
}

function routerBox({ plan, live }: Subject, router: RouterPlan): Box {
  const { ipv4, ipv6 } = router.loopback;
  const grounds = { core: COLOUR.core, pop: COLOUR.pop, gateway: COLOUR.gateway } as const;
  const ground =
    router.tier in grounds ? grounds[router.tier as keyof typeof grounds] : COLOUR.agency;
  // Two of one site have the same title.
  const core = router.tier === "core" ? [router.name] : [];
  const kind = router.kind === "external" ? ["external router"] : [];
  return boxOf(
    {
      title: router.title,
      remarks: [...core, `AS ${router.asn}`, ipv4.text, ipv6.text, ...kind],
      head: true,
      ground,
      mark: routerMark(plan, live, router),
    },
    WIDTH.router,
  );
}

function segmentBox(subject: Subject, name: string): Box {
  const { prefix } = subject.plan.segments.find((segment) => segment.name === name)!;
  const medium = mediumOf(subject, name);
  return boxOf(
    {
      title: medium === undefined ? name : `${name}, ${medium}`,
      remarks: [prefix.ipv4.text, prefix.ipv6.text],
      ground: lineOf(subject, name).ground,
    },
    WIDTH.segment,
  );
}

function lanBox(subject: Subject, router: RouterPlan): Box {
  const { lan, source } = router;
  if (lan === undefined) return boxOf({ title: "no LAN" }, WIDTH.lan);
  const rate = rateOf(subject, router);
  return boxOf(
    {
      title: `LAN ${lan.ipv4}`,
      remarks: [
        lan.ipv6.text,
        `router: ${source.ipv4}, ${source.ipv6}`,
        ...deviceWords(lan),
        ...(rate === undefined ? [] : [`bandwidth: ${rate}, the same both ways`]),
      ],
    },
    WIDTH.lan,
  );
}

/** What is left for devices: all but the network, the router and the broadcast address. */
function deviceWords({ ipv4 }: DualPrefix): readonly string[] {
  if (ipv4.size < 4n) return [];
  const first = Address.inside(ipv4, 2n);
  const last = Address.inside(ipv4, ipv4.size - 2n);
  return [`devices: ${first} to ${last} (${ipv4.size - 3n}), by its own DHCP`];
}

/** Servers that its devices may reach, with the way in; undefined where there is none. */
function reachBox({ plan }: Subject, router: RouterPlan): Box | undefined {
  const reachable = reachableFrom(plan, router);
  if (reachable.length === 0) return undefined;
  return boxOf(
    {
      title: "Its devices may reach",
      remarks: reachable.map(({ server, how }) => `${server.name}: ${how.join(", ")}`),
    },
    WIDTH.lan,
  );
}

function serverBox({ plan, inventory, live }: Subject, server: VpsPlan | ColocatedServerPlan): Box {
  const known = [...inventory.vps, ...colocatedServers(inventory.racks)];
  const purpose = known.find(({ name }) => name === server.name)?.purpose;
  const { ipv4, ipv6 } = server.service;
  const others = plan.dns.zones
    .flatMap(({ records }) => records)
    .filter(({ type, data }) => type === "A" && data === ipv4.text)
    .map(({ name }) => name.replace(/\.$/, ""))
    .toSorted();
  const published = (plan.edge?.publications ?? [])
    .filter((one) => one.vps === server.name)
    .flatMap(({ names }) => names);
  return boxOf(
    {
      title: server.running
        ? server.name
        : `${server.name} (${server.role === "vps" ? "suspended" : "not at work"})`,
      remarks: [
        ...(purpose === undefined ? [] : [purpose]),
        ...(server.role === "vps" ? [] : [serverWords(server)]),
        `${ipv4}, ${ipv6}`,
        ...new Set([server.hostname, ...others, ...published]),
        ...openingsTo(plan, server).map((words) => `open: ${words}`),
        ...openingsFrom(plan, server).map((words) => `may use: ${words}`),
      ],
      mark: serverMark(plan, live, server.role, server),
    },
    WIDTH.server,
  );
}

function descriptionOf(
  subject: Subject,
  router: RouterPlan,
  tenantServers: readonly (VpsPlan | ColocatedServerPlan)[],
): string {
  const { plan, live } = subject;
  const mark = routerMark(plan, live, router);
  const state = mark === undefined ? "" : ` Its router: ${mark.said || "up"}.`;
  const way = [...new Set(wayUp(plan, router).map(({ upper }) => upper.title))].join(", ");
  const servers = tenantServers.map(({ name }) => name).join(", ") || "none";
  const lan = router.lan === undefined ? "none" : `${router.lan.ipv4}, ${router.lan.ipv6}`;
  return `LAN: ${lan}. Way to the core: ${way}. Servers: ${servers}. ${momentWords(subject)}${state}`;
}

function id({ role, name }: RouterPlan): string {
  return `${role} ${name}`;
}

function byId(a: RouterPlan, b: RouterPlan): number {
  return id(a) < id(b) ? -1 : 1;
}
