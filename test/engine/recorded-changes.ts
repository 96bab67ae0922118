import { readFileSync } from "node:fs";

import {
  stackHead,
  summariseChanges,
  summarisePlan,
  type PlanSummary,
} from "../../modules/engine/plan-summary.ts";
import type { Describe } from "../../modules/engine/plan-summary-words.ts";
import type { ResourceChange } from "../../modules/engine/terraform-plan.ts";

/** `resource_changes` that a real terraform with the real provider planned for a small stack. */
export function recordedChanges(what: "create" | "replace" | "destroy"): readonly ResourceChange[] {
  const file = new URL(`fixtures/changes-${what}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as readonly ResourceChange[];
}

export const DESCRIBE: Describe = (role, name) =>
  role === "vps"
    ? { noun: "VPS", detail: "2 cpu, 2 GiB memory, 20 GiB disk" }
    : name === "pop-parakan"
      ? { noun: "POP router" }
      : undefined;

export function recordedSummary(what: "create" | "replace" | "destroy"): PlanSummary {
  const stack = {
    id: "uji-pusat-data",
    name: "pusat-data",
    title: "Pusat Data",
    needs: [],
    directory: "",
    statePath: "",
  };
  const changes = summariseChanges(recordedChanges(what), DESCRIBE);
  const summary = {
    ...stackHead(stack),
    outcome: "changes" as const,
    changes,
    containers: 0,
    reasons: [],
  };
  return summarisePlan("uji", [summary], { remove: [], serving: [], adopt: [], leave: [] });
}
