import { compareTexts } from "../../core/diagnostic.ts";
import type { EngineRole } from "../../plan/engine-names.ts";
import type { ZonePlan } from "../../plan/dns-plan.ts";
import type { ServerPlan } from "../../plan/vps-plan.ts";
import { boxOf, type Box } from "./box.ts";
import { Chart } from "./chart.ts";
import { serverMark } from "./live-words.ts";
import { COLOUR } from "./look.ts";
import { momentWords } from "./moment-words.ts";
import type { Picture } from "./picture.ts";
import type { Subject } from "./subject.ts";

const WIDTH = { asker: 190, server: 230, zones: 380 };

/**
 * The name service: who asks whom, from the left to the right, and the zones with their records and trust anchors.
 * The parent zone is drawn beside those who ask: it leads strangers to the secondaries.
 */
export function dnsDiagram(subject: Subject): Picture {
  const { plan } = subject;
  const { primary, secondaries, resolvers } = plan.dns;
  const chart = new Chart();
  for (const [id, box] of askers(subject)) chart.box(id, box);
  const serve = (server: ServerPlan, role: EngineRole, said: readonly string[]): void =>
    chart.box(server.name, serverBox(subject, server, role, said));
  for (const server of byName(resolvers))
    serve(server, "resolver", [
      "resolver: validates from the trust anchors",
      "keeps a copy of every zone",
    ]);
  for (const server of byName(secondaries))
    serve(server, "name-server", ["public name server", "internal zones for the kabupaten only"]);
  serve(primary, "name-server", ["hidden primary: signs, answers its secondaries only"]);
  for (const { name } of byName(resolvers)) {
    chart.edge("LANs", name, { arrow: true, said: ["any name", "UDP, TCP 53"] });
    for (const secondary of byName(secondaries))
      chart.edge(name, secondary.name, {
        arrow: true,
        said: ["whole zones (AXFR),", "names without a copy"],
      });
  }
  for (const { name } of byName(secondaries)) {
    for (const id of ["internet", "parent"])
      chart.edge(id, name, {
        arrow: true,
        dashed: id === "parent",
        said: id === "parent" ? ["delegates to it"] : ["public names", "UDP, TCP 53"],
      });
    chart.edge(name, primary.name, {
      arrow: true,
      said: ["zones (AXFR, IXFR; TSIG),", "list of zones (catalog)"],
    });
  }
  for (const [id, box] of zoneBoxes(subject)) {
    chart.box(id, box);
    chart.edge(primary.name, id, { colour: COLOUR.gateway });
  }
  const title = `Name service of ${plan.title} (${plan.domain})`;
  const remark = `${plan.dns.zones.length} zones, ${countOf(plan.dns.zones)} records besides those of DNSSEC. An arrow leads from who asks to who is asked.`;
  return {
    dot: chart.toDot("dns", [title, remark, momentWords(subject)]),
    engine: "dot",
    title,
    description: descriptionOf(subject),
  };
}

function askers({ plan, inventory }: Subject): readonly (readonly [string, Box])[] {
  const { dns, block, domain } = plan;
  const parent = domain.replace(/^[^.]+\./, "");
  const zone = dns.zones.find(({ name }) => name === `${domain}.`);
  const servers = (zone?.records ?? [])
    .filter(({ type, name }) => type === "NS" && name === `${domain}.`)
    .map(({ data }) => `NS ${data}`);
  const anchor = inventory.trustAnchors.entries.get(`ds/${domain}`)?.value;
  const box = (title: string, remarks: readonly string[]): Box =>
    boxOf({ title, remarks, ground: COLOUR.segment }, WIDTH.asker);
  return [
    ["LANs", box("LANs and servers", [block.ipv4.text, block.ipv6.text])],
    ["internet", box("Internet", ["where the exit lets it in; internal zones are refused"])],
    [
      "parent",
      box(`Parent zone ${parent}`, [
        "its registrar enters:",
        ...servers,
        anchor === undefined ? "DS: made by the first deploy" : `DS ${anchor}`,
      ]),
    ],
  ];
}

function serverBox(
  { plan, live }: Subject,
  server: ServerPlan,
  role: EngineRole,
  said: readonly string[],
): Box {
  const { ipv4, ipv6 } = server.service;
  return boxOf(
    {
      title: server.name,
      remarks: [server.hostname, ipv4.text, ipv6.text, ...said],
      head: true,
      ground: role === "resolver" ? COLOUR.pop : COLOUR.core,
      mark: serverMark(plan, live, role, server),
    },
    WIDTH.server,
  );
}

/** Zones by purpose, each with its records by type and the tag of its key. */
function zoneBoxes(subject: Subject): readonly (readonly [string, Box])[] {
  const { zones } = subject.plan.dns;
  const isReverse = ({ name }: ZonePlan): boolean => name.endsWith(".arpa.");
  const groups = [
    ["public", zones.filter(({ visibility }) => visibility === "public")],
    ["internal", zones.filter((zone) => zone.visibility === "internal" && !isReverse(zone))],
    [
      "reverse, internal",
      zones.filter((zone) => zone.visibility === "internal" && isReverse(zone)),
    ],
  ] as const;
  return groups
    .filter(([, members]) => members.length > 0)
    .map(([title, members]) => [
      `${title} zones`,
      boxOf(
        {
          title: `${title}: ${members.length} ${members.length === 1 ? "zone" : "zones"}`,
          remarks: byName(members).map((zone) => zoneWords(subject, zone)),
        },
        WIDTH.zones,
      ),
    ]);
}

/** `temanggungkab.go.id: 1 NS, 3 A, 3 AAAA; key 12345`. */
function zoneWords({ inventory }: Subject, { name, records }: ZonePlan): string {
  const zone = name.replace(/\.$/, "");
  const types = [...new Set(records.map(({ type }) => type))].toSorted();
  const counts = types.map(
    (type) => `${records.filter((record) => record.type === type).length} ${type}`,
  );
  const [tag] = inventory.trustAnchors.entries.get(`ds/${zone}`)?.value.split(" ") ?? [];
  return `${zone}: ${counts.join(", ") || "no records"}; ${tag === undefined ? "no key yet" : `key ${tag}`}`;
}

function descriptionOf(subject: Subject): string {
  const { zones, primary, secondaries, resolvers } = subject.plan.dns;
  const names = (servers: readonly ServerPlan[]): string =>
    byName(servers)
      .map(({ name }) => name)
      .join(", ");
  return (
    `LANs ask ${names(resolvers)}; these and the internet ask ${names(secondaries)}; only these ask ` +
    `${primary.name}, which signs ${zones.length} zones. ${momentWords(subject)}`
  );
}

function countOf(zones: readonly ZonePlan[]): number {
  return zones.reduce((sum, { records }) => sum + records.length, 0);
}

function byName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => compareTexts(a.name, b.name));
}
