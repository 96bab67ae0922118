import type { Diagnostic } from "../core/diagnostic.ts";
import type { ExitPlan, RouterPlan } from "../plan/router-plan.ts";
import { FAMILIES, type Family } from "../render/bird-names.ts";
import { type ExitObservation, exitGroups, observeExit } from "./exit-observation.ts";
import { routerSlug, routerTitle, type SeenRouter } from "./routers.ts";
import { counted, shortList } from "./short-list.ts";
import type { GroupOutcome, VerifyContext } from "./topic.ts";

/**
 * Whether the one way to the internet works and is the only one: every router has exactly one default route a family,
 * the exit translates and shapes as planned, its provider answers, and nothing private came as far as its last look.
 */
export async function checkInternet(
  { engine, placeOf }: VerifyContext,
  routers: readonly SeenRouter[],
): Promise<GroupOutcome<void>> {
  const defaults = compareDefaults(routers);
  const standing = routers.find(({ router, seen }) => router.exit !== undefined && seen);
  const seen =
    standing?.router.exit &&
    (await observeExit(engine, standing.container, standing.router, standing.router.exit));
  const about = standing && placeOf(standing.router.name);
  const findings = seen ? compareExit(standing, seen) : [];
  const packets = (counter: string): number => standing?.seen?.dropped.get(counter) ?? 0;
  return {
    findings: [
      ...defaults.findings,
      ...findings.map((finding) => (about ? { ...finding, at: about } : finding)),
    ],
    measured: {
      default_routes_planned: defaults.planned,
      default_routes_present: defaults.present,
      packets_translated: packets("translated"),
      packets_to_denied_ports: packets("port_denied"),
      packets_private_stopped: packets("leak_stopped"),
    },
    said: `${defaults.present} of ${defaults.planned} default routes, ${packets("translated")} packets translated`,
    result: undefined,
  };
}

/** The kernel's default routes, one a family wherever the plan leads to the internet. */
export function compareDefaults(routers: readonly SeenRouter[]): {
  readonly findings: readonly Diagnostic[];
  readonly planned: number;
  readonly present: number;
} {
  const wanted = routers.flatMap((one) =>
    one.seen?.birdAnswers === true
      ? FAMILIES.filter(({ key }) => one.router.internet.includes(key)).map((family) => ({
          one,
          family,
          count: one.seen!.defaultRoutes.filter((line) => isOf(family, line)).length,
        }))
      : [],
  );
  const wrong = wanted.filter(({ count }) => count !== 1);
  const [first] = wrong;
  const names = shortList(
    wrong.map(
      ({ one, family, count }) => `${routerSlug(one.router)} (${count} in IPv${family.number})`,
    ),
  );
  return {
    planned: wanted.length,
    present: wanted.length - wrong.length,
    findings:
      first === undefined
        ? []
        : [
            {
              id: "default-route-count",
              severity: "error",
              what: `${counted(wrong.length, "default route")} not there exactly once: ${names}`,
              why: "the internet leaves at one place: without the route nobody behind that router gets there, with a second one packets may leave unfiltered",
              fix: `docker exec ${first.one.container} birdc show route for ${first.family.key === "ipv4" ? "0.0.0.0/0" : "::/0"} all, and the same on the exit: its port towards the provider must be up`,
            },
          ],
  };
}

/** `ip route` names an address of its own family in every line that BIRD sets: at least the source. */
function isOf({ number }: Family, line: string): boolean {
  return line.includes(":") === (number === 6);
}

/** The exit against the plan. */
export function compareExit(
  { router, container, seen: general }: SeenRouter,
  seen: ExitObservation,
): readonly Diagnostic[] {
  const exit = router.exit!;
  const title = routerTitle(router);
  const outer = FAMILIES.flatMap(({ key }) => exit[key] ?? []);
  const untranslated = outer.filter(({ address }) => !seen.translations.has(address.text));
  const silent = outer.filter(({ gateway }) => !seen.gatewaysThatAnswer.has(gateway.text));
  const unshaped = wrongCeilings(router, exit, seen);
  const stopped = general?.dropped.get("leak_stopped") ?? 0;
  return [
    ...found(untranslated.length > 0, {
      id: "exit-not-translating",
      severity: "error",
      what: `${title} does not translate to ${untranslated.map(({ address }) => address.text).join(" and ")}`,
      why: "private addresses have no way back from the internet (RFC 1918 section 3); its last look drops them, so nobody gets out",
      fix: `docker logs --tail 30 ${container}: its packet filter may have been refused; docker restart ${container}`,
    }),
    ...found(unshaped.length > 0, {
      id: "exit-not-shaping",
      severity: "error",
      what: `${title} does not hold ${counted(unshaped.length, "share")} of the line as planned: ${shortList(unshaped)}`,
      why: "one agency can then take the bandwidth of all others",
      fix: `docker exec ${container} tc class show, and docker logs --tail 30 ${container}; docker restart ${container} builds it anew`,
    }),
    ...found(stopped > 0, {
      id: "private-packets-at-exit",
      severity: "error",
      what: `${counted(stopped, "packet")} would have left ${title} under an address that is not the outer one, and were dropped`,
      why: "nothing private leaves the kabupaten (RFC 1918, RFC 6890); only the last look after translation stopped them",
      fix: `docker exec ${container} nft list chain inet simpul guard, and tcpdump -ni any there; tell those who maintain Simpul`,
    }),
    ...found(silent.length > 0, {
      id: "provider-silent",
      severity: "warning",
      what: `the provider's ${silent.map(({ gateway }) => gateway.text).join(" and ")} does not answer ${title}`,
      why: "it is the next hop of everything that leaves; some providers' routers answer no ping",
      fix: `docker exec ${container} ip neighbour show shows whether it is there at all; look at the cable and at engines.internet in kabupaten.yaml`,
    }),
  ];
}

function found(isSo: boolean, finding: Diagnostic): readonly Diagnostic[] {
  return isSo ? [finding] : [];
}

/** tc rounds what it shows to four digits or so. */
const ROUNDING = 0.01;

function wrongCeilings(
  router: RouterPlan,
  exit: ExitPlan,
  { ceilings }: ExitObservation,
): readonly string[] {
  return exit.classes
    .filter(({ number, most }) =>
      exitGroups(router).some((group) => {
        const actual = ceilings.get(group)?.get(number) ?? 0;
        return Math.abs(actual - most) > most * ROUNDING;
      }),
    )
    .map(({ name }) => name);
}
