import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import type { KabupatenLab } from "./kabupaten-lab.ts";

interface Attempt {
  readonly announced: readonly string[];
  /** What the thief's neighbours heard and did not take. */
  readonly refused: readonly string[];
  /** Routers that know a way through the thief to what is not its own. */
  readonly believed: readonly string[];
}

interface Theft {
  readonly prefix: string;
  /** Its rightful owner, whom the forged path names as the origin. */
  readonly asn: number;
}

/**
 * Lets a router announce what belongs to others, each as if it had come from its owner: another's LAN, a more specific
 * of it, a default route, the resolver's address, and the aggregates of a POP that is not its own.
 */
export async function hijack(
  lab: KabupatenLab,
  plan: KabupatenPlan,
  thief: RouterPlan,
): Promise<Attempt> {
  const spoils = { 4: thefts(plan, "ipv4"), 6: thefts(plan, "ipv6") };
  const announced = [...spoils[4], ...spoils[6]].map(({ prefix }) => prefix).toSorted();
  const container = `router-${thief.name}`;
  const good = "/run/simpul/bird.conf";
  const bash = (script: string, ...args: readonly string[]) =>
    lab.inside(container, "bash", "-c", script, "hijack", ...args);
  const lines = ([4, 6] as const).map((number) => {
    const forged = spoils[number]
      .map(({ prefix, asn }) => `if net = ${prefix} then { bgp_path.prepend(${asn}); accept; }`)
      .join(" ");
    const routes = spoils[number].map(({ prefix }) => `route ${prefix} unreachable;`).join(" ");
    return `s|^filter to_uplink${number} {|protocol static hijack${number} { ipv${number}; ${routes} }\\n&\\n${forged}|`;
  });
  const { stdout } = await bash(
    `sed -e "$1" -e "$2" ${good} >/tmp/hijack.conf && birdc configure '"/tmp/hijack.conf"'`,
    ...lines,
  );
  if (!stdout.includes("Reconfigur")) throw new Error(stdout);
  let refused: readonly string[] = [];
  const until = Date.now() + 15_000;
  while (refused.length < announced.length && Date.now() < until)
    refused = await refusedBy(lab, plan, thief);
  const believed = await believers(lab, plan, thief);
  await bash(`birdc configure '"${good}"'`);
  return { announced, refused, believed };
}

function thefts(plan: KabupatenPlan, key: "ipv4" | "ipv6"): readonly Theft[] {
  const named = (name: string): RouterPlan =>
    plan.routers.find((router) => router.name === name && router.role === "router")!;
  const victim = named("dinas-kesehatan");
  const pop = named("pop-ngadirejo");
  const gateway = plan.routers.find(({ originates }) =>
    originates.some(
      ({ prefix }) => prefix[key].text === plan.dns.resolvers[0]!.service[key].hostPrefix,
    ),
  )!;
  const lan = victim.lan![key];
  const half = `${lan.text.split("/")[0]}/${lan.length + 1}`;
  return [
    { prefix: lan.text, asn: victim.asn },
    { prefix: half, asn: victim.asn },
    { prefix: key === "ipv4" ? "0.0.0.0/0" : "::/0", asn: pop.asn },
    { prefix: plan.dns.resolvers[0]!.service[key].hostPrefix, asn: gateway.asn },
    ...pop.aggregates[key].map(({ text }) => ({ prefix: text, asn: pop.asn })),
  ];
}

/** What all neighbours above have refused from the thief. */
async function refusedBy(
  lab: KabupatenLab,
  plan: KabupatenPlan,
  thief: RouterPlan,
): Promise<readonly string[]> {
  const above = [...new Set(thief.uplinks.map(({ router }) => router))];
  const own = thief.interfaces.flatMap(({ address }) => [address.ipv4.text, address.ipv6.text]);
  const show = ["birdc", "show", "route", "all", "filtered"];
  const heard = await Promise.all(
    above.map(async (name) =>
      prefixesVia((await lab.inside(`router-${name}`, ...show)).stdout, own),
    ),
  );
  return [...heard[0]!].filter((prefix) => heard.every((one) => one.has(prefix))).toSorted();
}

/** Prefixes of which a route came from one of these addresses. */
function prefixesVia(shown: string, addresses: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  let prefix = "";
  for (const line of shown.split("\n")) {
    prefix = /^([0-9a-f.:]+\/\d+)\s/.exec(line)?.[1] ?? prefix;
    const hop = /^\s+BGP\.next_hop: (\S+)/.exec(line)?.[1];
    if (hop !== undefined && addresses.includes(hop)) found.add(prefix);
  }
  return found;
}

/** `core-drc knows 10.116.0.0/24`: a route whose path has the thief in it, to something that the thief may not announce. */
async function believers(
  lab: KabupatenLab,
  plan: KabupatenPlan,
  thief: RouterPlan,
): Promise<readonly string[]> {
  const behind = plan.routers.filter(
    ({ name, uplinks }) =>
      name === thief.name || uplinks.some(({ router }) => router === thief.name),
  );
  const rightful = new Set(
    behind.flatMap(({ originates }) =>
      originates.flatMap(({ prefix }) => [prefix.ipv4.text, prefix.ipv6.text]),
    ),
  );
  const others = plan.routers.filter(({ name, role }) => name !== thief.name || role === "gateway");
  const known = await Promise.all(
    others.map(async ({ name, role }) => {
      const where = ["show", "route", "where", `bgp_path ~ [= * ${thief.asn} * =]`];
      const { stdout } = await lab.inside(`${role}-${name}`, "birdc", ...where);
      return Array.from(stdout.matchAll(/^([0-9a-f.:]+\/\d+)\s/gm), ([, prefix]) => prefix!)
        .filter((prefix) => !rightful.has(prefix))
        .map((prefix) => `${name} knows ${prefix}`);
    }),
  );
  // Agencies behind a POP learn everything through it.
  const below = new Set(behind.map(({ name }) => name));
  return known.flat().filter((line) => !below.has(line.split(" ")[0]!));
}
