import type { RouterPlan } from "../../plan/router-plan.ts";
import { boxOf } from "./box.ts";
import { kindOfVillage } from "./lan-words.ts";
import { linkMark, routerMark } from "./live-words.ts";
import { COLOUR } from "./look.ts";
import { mediumOf } from "./media.ts";
import { shortPair } from "./short-address.ts";
import type { Subject } from "./subject.ts";
import type { Tree } from "./tree.ts";
import { boxWidth, continuedBox, leafBox, nodeId, routersOf, stretch } from "./wan-boxes.ts";

/** A POP, its access segment, and the routers of agencies and desa that hang on it. */
export function popTree(subject: Subject, pop: RouterPlan): Tree {
  const { plan, inventory, live } = subject;
  const behind = pop.hubs.map(({ segment }) => segment);
  const medium = mediumOf(subject, behind[0]!);
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

/** `desa`, `kelurahan, external router`: what a bare name does not say. */
function leafRemarks({ desa }: Subject["inventory"], router: RouterPlan): readonly string[] {
  const village = router.tier === "desa" && desa.find(({ name }) => name === router.name);
  const kind = village ? [kindOfVillage(village.code)] : [];
  const said = [...kind, ...(router.kind === "external" ? ["external router"] : [])];
  return said.length === 0 ? [] : [said.join(", ")];
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
