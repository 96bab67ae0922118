import { describe, expect, it } from "vitest";

import { guardBlastRadius } from "../../modules/engine/blast-radius.ts";
import type { ChangeSummary, PlanSummary } from "../../modules/engine/plan-summary.ts";

const change = (name: string, more: Partial<ChangeSummary> = {}): ChangeSummary => ({
  action: "replace",
  address: `docker_container.${name}`,
  type: "docker_container",
  role: "router",
  name,
  noun: "agency router",
  core: false,
  wasRunning: true,
  detail: "",
  because: [],
  unfinished: false,
  ...more,
});
const summary = (
  stacks: Readonly<Record<string, readonly [number, readonly ChangeSummary[]]>>,
): PlanSummary => ({
  kabupaten: "uji",
  stacks: Object.entries(stacks).map(([name, [containers, changes]]) => ({
    id: `uji-${name}`,
    name,
    title: name,
    outcome: "changes",
    containers,
    changes,
    reasons: [],
  })),
  orphans: { remove: [], serving: [], adopt: [], leave: [] },
  repairs: [],
  counts: { create: 0, update: 0, replace: 0, destroy: 0, adopt: 0 },
  changes: true,
});
const routers = (count: number, more: Partial<ChangeSummary> = {}) =>
  Array.from({ length: count }, (_, index) => change(`r${index}`, more));
const core = (name: string) => change(name, { core: true, noun: "core router" });

const NOBODY = { replace: new Set<string>(), destroy: new Set<string>() };

describe("the blast radius", () => {
  it.each([
    ["a fifth of a stack", { parakan: [10, routers(2)] }],
    ["all of a small stack", { parakan: [4, routers(4)] }],
    ["one core router alone", { backbone: [2, [core("core-a")]] }],
    ["what is made for the first time", { parakan: [0, routers(9, { action: "create" })] }],
    ["what is down already", { parakan: [9, routers(9, { wasRunning: false })] }],
    ["carriers, which run once", { parakan: [9, routers(9, { role: "config" })] }],
    ["what is changed in place", { parakan: [9, routers(9, { action: "update" })] }],
  ] as const)("lets through %s", (_, stacks) => {
    expect(guardBlastRadius(summary(stacks), NOBODY)).toEqual([]);
  });

  it("refuses more than a fifth of a stack, with the list and the way to go on in parts", () => {
    expect(
      guardBlastRadius(summary({ parakan: [10, routers(3)], kedu: [10, routers(1)] }), NOBODY),
    ).toMatchObject([
      {
        id: "blast-radius",
        severity: "error",
        what: "the plan would take away 3 of 10 containers of parakan at once: agency router r0, agency router r1, agency router r2",
        fix: expect.stringMatching(/--only parakan\/r0 --only parakan\/r1, .*--allow-blast/),
      },
    ]);
  });

  it("does not count what was allowed by name", () => {
    const gone = routers(2, { action: "destroy", role: "vps" });
    const named = { ...NOBODY, destroy: new Set(["vps/r0"]) };
    expect(guardBlastRadius(summary({ parakan: [5, gone] }), NOBODY)).toHaveLength(1);
    expect(guardBlastRadius(summary({ parakan: [5, gone] }), named)).toEqual([]);
  });

  it("counts what is removed like what is replaced", () => {
    const gone = routers(5, { action: "destroy" });
    expect(guardBlastRadius(summary({ parakan: [5, gone] }), NOBODY)).toMatchObject([
      { id: "blast-radius" },
    ]);
  });

  it.each([
    ["another core router", { backbone: [2, [core("core-a"), core("core-b")]] }],
    ["an agency's router elsewhere", { backbone: [2, [core("core-a")]], kedu: [10, routers(1)] }],
  ] as const)("refuses a core router together with %s", (_, stacks) => {
    expect(guardBlastRadius(summary(stacks), NOBODY)).toMatchObject([
      {
        what: expect.stringContaining("core router core-a"),
        fix: expect.stringContaining("--only backbone/core-a,"),
      },
    ]);
  });
});
