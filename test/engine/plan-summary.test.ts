import { describe, expect, it } from "vitest";

import { summariseChanges, summarisePlan } from "../../modules/engine/plan-summary.ts";
import { planText } from "../../modules/engine/plan-summary-text.ts";
import type { ResourceChange } from "../../modules/engine/terraform-plan.ts";
import { DESCRIBE, recordedSummary } from "./recorded-changes.ts";

describe("the summary of a plan", () => {
  it("tells new things by what the inventory calls them", () => {
    expect(planText(recordedSummary("create"))).toEqual([
      "Pusat Data (uji-pusat-data)",
      "  + gateway dinas-pendidikan",
      "  + POP router pop-parakan",
      "  + VPS ppdb: 2 cpu, 2 GiB memory, 20 GiB disk",
      "  + configuration of pusat-data",
      "  + segment pusat-data",
      "  + volume of VPS ppdb",
      "  + volume of configuration ppdb-keys",
      "",
      "Plan: 7 to create",
    ]);
  });

  it("says why something is replaced, and that a new configuration restarts nothing", () => {
    expect(planText(recordedSummary("replace"))).toEqual([
      "Pusat Data (uji-pusat-data)",
      "  - volume of VPS ppdb is REMOVED",
      "  -/+ gateway dinas-pendidikan is REPLACED (environment)",
      "  -/+ VPS ppdb is REPLACED (environment, volumes)",
      "  ~ POP router pop-parakan: memory 64 MiB -> 128 MiB",
      "  ~ configuration of pusat-data (reloaded by what reads it, nothing restarts)",
      "",
      "Plan: 2 to update, 2 to replace, 1 to remove",
    ]);
  });

  it("counts for programs what it tells people", () => {
    expect(recordedSummary("destroy")).toMatchObject({
      changes: true,
      counts: { create: 0, update: 0, replace: 0, destroy: 6, adopt: 0 },
    });
  });

  it("says what of a VPS changes while it runs", () => {
    const step = (id: string, from: readonly string[], to: readonly string[]): ResourceChange => ({
      address: `terraform_data.${id}_step_1`,
      mode: "managed",
      type: "terraform_data",
      name: `${id}_step_1`,
      change: {
        actions: ["delete", "create"],
        before: { triggers_replace: Object.fromEntries(from.entries()) },
        after: { triggers_replace: Object.fromEntries(to.entries()) },
      },
    });
    const said = (...words: Parameters<typeof step>): string =>
      summariseChanges([step(...words)], DESCRIBE)[0]!.detail;
    expect(said("vps-a-limits", ["c1", "1", "1024"], ["c1", "2", "1024"])).toBe(
      "cpu 1 -> 2, while it runs",
    );
    expect(said("vps-a-limits", ["c1", "1", "1024"], ["c2", "1", "1024"])).toBe("runs again");
    expect(said("vps-a-packages", ["c1", "git,nano"], ["c1", "git,tree"])).toBe(
      "installs tree; nano goes with the next rebuild",
    );
  });

  it("puts many of one kind on one line", () => {
    const router = (name: string): ResourceChange => ({
      address: `docker_container.${name}`,
      mode: "managed",
      type: "docker_container",
      name,
      change: { actions: ["create"], before: null, after: { name: `simpul-uji-router-${name}` } },
    });
    const changes = summariseChanges([router("b"), router("a")], DESCRIBE);
    const stack = {
      id: "uji-x",
      name: "x",
      title: "X",
      outcome: "changes" as const,
      changes,
      reasons: [],
      containers: 0,
    };
    const summary = summarisePlan("uji", [stack], {
      remove: [],
      serving: [],
      adopt: [],
      leave: [],
    });
    expect(planText(summary)[1]).toBe("  + 2 routers simpul-uji-router-a, simpul-uji-router-b");
  });

  it("names stacks that need nothing, and those that cannot be planned", () => {
    const head = (name: string) => ({
      id: `uji-${name}`,
      name,
      title: name,
      changes: [],
      containers: 0,
    });
    const summary = summarisePlan(
      "uji",
      [
        { ...head("backbone"), outcome: "unchanged", reasons: [] },
        { ...head("dns"), outcome: "failed", reasons: ["its parser refused it"] },
      ],
      { remove: ["simpul-uji-router-x"], serving: [], adopt: [], leave: [] },
    );
    expect(planText(summary)).toEqual([
      "dns (uji-dns)",
      "  ! cannot be planned: its parser refused it",
      "",
      "Left behind by a run that was cut off",
      "  - simpul-uji-router-x: removed first, no state knows it",
      "",
      "No changes: backbone",
      "Plan: 1 stack cannot be planned",
    ]);
  });
});
