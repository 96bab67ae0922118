import { describe, expect, it } from "vitest";

import type { VolumeCopy } from "../../modules/engine/standby.ts";
import type { ReplicaPlan } from "../../modules/plan/drc-plan.ts";
import { compareCopies } from "../../modules/verify/drc-copies.ts";

const ROUND = 300;
const NOW = 1_800_000_000;
const FAILED = { at: NOW - 5, why: "Network is unreachable" };

function findings(copy: Omit<VolumeCopy, "server" | "active">, upSeconds: number) {
  const replica = { everySeconds: ROUND } as ReplicaPlan;
  const copies = [{ server: "ppdb-online", active: false, ...copy }];
  return compareCopies({ placeOf: () => undefined }, replica, copies, upSeconds, NOW);
}

describe("copies of volumes at the DRC", () => {
  it("may be missing for three rounds after the copier's start, where nothing has failed", () => {
    expect(findings({}, 3 * ROUND - 1)).toEqual([]);
    expect(findings({}, 3 * ROUND)).toMatchObject([{ id: "copy-too-old" }]);
  });

  it("may be missing for one round where a try has failed: the line may have come up later", () => {
    expect(findings({ failed: FAILED }, ROUND - 1)).toEqual([]);
    expect(findings({ failed: FAILED }, ROUND)).toMatchObject([
      {
        what: expect.stringContaining("no copy of the volume of ppdb-online; the last try failed"),
      },
    ]);
  });

  it("may be three rounds old, however often a try has failed", () => {
    expect(findings({ began: NOW - 3 * ROUND, failed: FAILED }, 9_000)).toEqual([]);
    expect(findings({ began: NOW - 3 * ROUND - 1 }, 9_000)).toMatchObject([
      { what: expect.stringContaining("is 901 s old") },
    ]);
  });
});
