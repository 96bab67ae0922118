import { describe, expect, it } from "vitest";

import type { Inventory } from "../../modules/inventory/model.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { describePullRequest, type Side } from "../../modules/report/pull-request.ts";
import { pullRequestText } from "../../modules/report/pull-request-text.ts";
import { buildInventory } from "../plan/inventory-builder.ts";

/** What GitHub takes for one comment. */
const LONGEST = 65_536;
const LANS = [0, 1].map((pop) => ({ length: 24, pop }));

function side(inventory: Inventory): Side {
  const { plan, findings } = makePlan(inventory);
  return { inventory, plan, findings };
}

describe("the comment on a pull request", () => {
  it("stays as long as a service takes it, however much a change carries", () => {
    const before = buildInventory({ pops: 2, lans: LANS, vps: [] });
    const many = Array.from({ length: 100 }, (_, index) => index % 2);
    const after = buildInventory({ pops: 2, lans: LANS, vps: many });
    const own = after.vps.map(({ name }) => `inventory/uji/vps/${name}.yaml`);
    const others = Array.from({ length: 2000 }, (_, index) => `${"x".repeat(3000)}/${index}`);
    const request = describePullRequest({
      kabupaten: "uji",
      folder: "inventory/uji/",
      files: [...own, ...others].map((path) => ({ status: "added", path })),
      before: side(before),
      after: side(after),
      findings: [],
    });
    const text = pullRequestText(request);
    expect(text.length).toBeLessThan(LONGEST);
    expect(text).toMatch(/^<!-- simpul pr uji -->\n\n## ✅/);
    expect(text).toContain("### Persetujuan yang diperlukan");
    expect(text).toContain("`Agency 1`");
  });

  it("says first what would lose its address or vanish", () => {
    const before = buildInventory({ pops: 2, lans: LANS, vps: [0, 1] });
    const after = { ...before, vps: before.vps.slice(0, 1) };
    const text = pullRequestText(
      describePullRequest({
        kabupaten: "uji",
        folder: "inventory/uji/",
        files: [{ status: "removed", path: "inventory/uji/vps/vps-1.yaml" }],
        before: side(before),
        after: side(after),
        findings: [],
      }),
    );
    expect(text).toContain("- **VPS dihapus `vps-1`**, milik `Agency 1` (`agency-1`)");
    const plan = text.slice(text.indexOf("### Rencana"));
    expect(plan).toMatch(/^### Rencana\n\n- \*\*hilang\*\*: gateway tenant `agency-1`/);
    expect(text).toContain("- **`Agency 1`**, untuk `inventory/uji/vps/vps-1.yaml` (VPS dihapus)");
  });
});
