import { describe, expect, it } from "vitest";

import { FAMILIES } from "../../modules/render/bird-names.ts";
import { compareReach, type Goal, type TriedWay } from "../../modules/verify/reach-compare.ts";
import type { SeenRouter } from "../../modules/verify/routers.ts";
import { seenRouters } from "./seen-routers.ts";

const routers = seenRouters();
const called = (name: string): SeenRouter => routers.find(({ container }) => container === name)!;
const [first, second, gateway] = [called("dinas-1"), called("dinas-2"), called("dinas-kesehatan")];
const goal = (title: string, behind: SeenRouter): Goal => ({
  title,
  behind,
  address: behind.router.source,
});
const GOALS = [
  goal("the core", called("core-pusat-data")),
  goal("the resolver", gateway),
  goal("dinas-1", first),
];

/** Every start asks every goal over both families; `lost` says what does not come back. */
function told(
  lost: (way: TriedWay["way"]) => boolean,
  dropped: readonly string[] = [],
): readonly string[] {
  const tried = [first, second, gateway].flatMap((from) =>
    GOALS.filter(({ behind }) => behind !== from).flatMap((one) =>
      FAMILIES.map((family) => {
        const way = { from, goal: one, family, source: "S", target: "T" };
        return {
          way,
          answer: { target: "T", sent: 1, said: "silence", ...(!lost(way) && { rtt: 0.1 }) },
        };
      }),
    ),
  );
  return compareReach(tried, () => undefined, dropped).map(({ what }) => what);
}

describe("lost ways", () => {
  it("are none when all comes back", () => {
    expect(told(() => false)).toEqual([]);
  });

  it("are one finding when all LANs miss the same", () => {
    expect(told(({ goal: { title } }) => title === "the resolver")).toEqual([
      "the resolver (T) is not reached over IPv4 and IPv6 from the LANs of dinas-1, dinas-2: silence",
    ]);
  });

  it("are one finding when one LAN misses something, with the family", () => {
    expect(
      told(
        ({ from, goal: { title }, family }) =>
          from === first && title === "the core" && family.number === 6,
      ),
    ).toEqual([
      "from its LAN (S), Router dinas-1 (dinas-1) does not reach over IPv6: the core; silence",
    ]);
  });

  it("tell which packet filters dropped something meanwhile", () => {
    const tried = [
      {
        way: { from: first, goal: GOALS[0]!, family: FAMILIES[0]!, source: "S", target: "T" },
        answer: { target: "T", sent: 2, said: "silence" },
      },
    ];
    const [finding] = compareReach(tried, () => undefined, ["gateway x source_refused 56"]);
    expect(finding!.why).toContain("meanwhile packet filters dropped: gateway x source_refused 56");
  });
});
