import type { Diagnostic } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import { FAMILIES } from "../render/bird-names.ts";
import type { BirdRoute } from "./bird-output.ts";
import { ExpectedRoutes, plannedRoutes } from "./expected-routes.ts";
import { groupBy } from "./group-by.ts";
import type { Link } from "./links.ts";
import { routerSlug, routerTitle, type SeenRouter } from "./routers.ts";
import { counted, shortList } from "./short-list.ts";
import type { VerifyContext } from "./topic.ts";

type PlannedRoutes = ReturnType<typeof plannedRoutes>;

/** A finding, and the router whose inventory file it points at. */
interface About {
  readonly about: string | undefined;
  readonly finding: Diagnostic;
}

interface RoutesContext extends Pick<VerifyContext, "placeOf"> {
  readonly plan: Pick<KabupatenPlan, "routers">;
}

/** Routing tables against the plan: what is missing, what is not its announcer's, what the filters refused. */
export function compareRoutes(
  { plan, placeOf }: RoutesContext,
  routers: readonly SeenRouter[],
  links: readonly Link[],
): {
  readonly findings: readonly Diagnostic[];
  readonly expected: number;
  readonly present: number;
} {
  const planned = plannedRoutes(plan);
  const tables = FAMILIES.map((family) => new ExpectedRoutes(routers, links, family));
  const answering = routers.filter(({ seen }) => seen?.birdAnswers === true);
  const lacking = answering.map((one) => {
    const known = new Set(one.seen!.routes.map(({ prefix }) => prefix));
    const expected = tables.flatMap((table) => [...table.knownTo(one).values()]);
    return { one, expected, missing: expected.filter(({ prefix }) => !known.has(prefix.text)) };
  });
  const expected = lacking.reduce((sum, each) => sum + each.expected.length, 0);
  const absent = lacking.reduce((sum, each) => sum + each.missing.length, 0);
  return {
    findings: [
      ...lacking.flatMap(({ one, missing }) => missingFinding(one, missing)),
      ...foreignFindings(answering, planned),
      ...refusedFindings(answering, routers, planned),
    ].map(({ about, finding }) => {
      const at = about === undefined ? undefined : placeOf(about);
      return at === undefined ? finding : { ...finding, at };
    }),
    expected,
    present: expected - absent,
  };
}

function missingFinding(
  { router, container }: SeenRouter,
  missing: readonly { readonly prefix: Prefix; readonly origin: { readonly name: string } }[],
): readonly About[] {
  const [first] = missing;
  if (first === undefined) return [];
  const names = shortList(missing.map(({ prefix, origin }) => `${prefix.text} of ${origin.name}`));
  return [
    {
      about: router.name,
      finding: {
        id: "route-missing",
        severity: "error",
        what: `${routerTitle(router)} does not know ${counted(missing.length, "prefix")}: ${names}`,
        why: "its sessions are up, so these should have come over them; it cannot reach what is behind these prefixes",
        fix: `docker exec ${container} birdc show route all ${first.prefix.text}; if a filter refuses it (show route filtered), its configuration is older than the plan: simpul deploy`,
      },
    },
  ];
}

/** Statics of our own configuration; everything else came from somebody. */
const OWN_STATIC = /^(?:(?:own|aggregate|server|nowhere|internet)[46]|moves[46]_.+)$/;

/** Routes that were believed although the plan gives the prefix to nobody, or to somebody else. */
function foreignFindings(routers: readonly SeenRouter[], planned: PlannedRoutes): readonly About[] {
  const announcers = new Map(routers.map(({ router }) => [router.asn, router]));
  const wrong = routers.flatMap((one) =>
    one
      .seen!.routes.filter(({ protocol }) => !OWN_STATIC.test(protocol))
      .filter(
        ({ prefix, originAsn }) =>
          planned.get(prefix)?.some(({ origin }) => origin.asn === originAsn) !== true,
      )
      .map((route) => ({ one, route })),
  );
  const groups = groupBy(wrong, ({ route }) => `${route.prefix} ${route.originAsn}`);
  return [...groups.values()].map((group) => {
    const { one, route } = group[0]!;
    const announcer = route.originAsn === undefined ? one.router : announcers.get(route.originAsn);
    const who = announcer === undefined ? `AS${route.originAsn}` : routerTitle(announcer);
    const owner = ownerOf(route.prefix, planned);
    const believers = shortList(group.map(({ one: { router } }) => routerSlug(router)));
    return {
      about: announcer?.name,
      finding: {
        id: "route-foreign",
        severity: "error",
        what: `${who} announces ${route.prefix}, which ${owner}; believed by ${believers}`,
        why: "traffic for it goes to the wrong place: a router may announce its own prefixes only (RFC 7454 section 6)",
        fix: `docker exec ${one.container} birdc show route all ${route.prefix} shows the path; birdc disable ${route.protocol} there stops it, and simpul deploy puts the planned filters back`,
      },
    };
  });
}

/** What the filters kept out: no harm done, but somebody's router is not what it should be. */
function refusedFindings(
  answering: readonly SeenRouter[],
  routers: readonly SeenRouter[],
  planned: PlannedRoutes,
): readonly About[] {
  const holders = new Map(
    routers.flatMap((one) =>
      one.router.interfaces.flatMap(({ address }) => [
        [address.ipv4.text, one] as const,
        [address.ipv6.text, one] as const,
      ]),
    ),
  );
  return answering.flatMap((one) => {
    const byNeighbour = groupBy(one.seen!.refused, ({ protocol }) => neighbourOf(one, protocol));
    return [...byNeighbour].map(([neighbour, routes]) => {
      const sender = holders.get(neighbour);
      return refusedFinding(one, sender, neighbour, routes, planned);
    });
  });
}

function neighbourOf({ seen }: SeenRouter, protocol: string): string {
  return seen!.protocols.find(({ name }) => name === protocol)?.neighbour ?? protocol;
}

function refusedFinding(
  { router }: SeenRouter,
  sender: SeenRouter | undefined,
  neighbour: string,
  routes: readonly BirdRoute[],
  planned: PlannedRoutes,
): About {
  const who = sender === undefined ? neighbour : routerTitle(sender.router);
  const tried = shortList(routes.map(({ prefix }) => `${prefix} (${ownerOf(prefix, planned)})`));
  return {
    about: sender?.router.name,
    finding: {
      id: "announcement-refused",
      severity: "error",
      what: `${who} tries to announce ${tried}; refused by ${routerTitle(router)}`,
      why: "a router may announce its own prefixes only (RFC 7454 section 6); the filter holds, but that router is misconfigured or in wrong hands",
      fix:
        sender?.router.kind === "container"
          ? `docker exec ${sender.container} birdc show protocols shows what it runs; docker restart ${sender.container} puts the planned configuration back`
          : "tell whoever runs that router which prefixes are theirs (simpul ip list), and to withdraw the rest",
    },
  };
}

function ownerOf(text: string, planned: PlannedRoutes): string {
  const exact = planned.get(text);
  if (exact !== undefined)
    return `belongs to ${exact.map(({ origin }) => origin.name).join(" and ")}`;
  const prefix = Prefix.parse(text);
  if (prefix instanceof Fault) return "is nobody's in the plan";
  const around = [...planned.values()]
    .flat()
    .filter((route) => route.prefix.length > 0 && route.prefix.contains(prefix))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
  if (around !== undefined) return `lies in ${around.prefix.text} of ${around.origin.name}`;
  return "is nobody's in the plan";
}
