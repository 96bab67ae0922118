import { describe, expect, it } from "vitest";

import { appliedOptions, readHostSteps } from "../../modules/engine/host-step-call.ts";
import type { Resources } from "../../modules/engine/terraform-attributes.ts";

/** A step that limits these containers, as a stack is synthesised. */
function limits(...containers: readonly string[]): Resources {
  const command = `scripts/simpul host limits ${containers.join(",")} --pids 512`;
  const ids = containers.map((name) => `\${docker_container.${name}.id}`);
  return {
    terraform_data: {
      step: {
        triggers_replace: [...ids, "512"],
        provisioner: [{ "local-exec": { command } }],
      },
    },
  };
}

describe("options as they were when a step last ran", () => {
  const ran = (...values: readonly string[]) => ({
    triggers_replace: { value: Object.fromEntries(values.entries()) },
  });

  it.each([
    ["as many", ["id-1", "id-2", "64"]],
    ["fewer", ["id-1", "64"]],
    ["more", ["id-1", "id-2", "id-3", "64"]],
  ])("are told where it worked on %s containers", (_, values) => {
    const calls = readHostSteps(limits("satu", "dua"));
    expect(calls.map(({ target }) => target)).toEqual(["satu", "dua"]);
    for (const call of calls)
      expect(appliedOptions(call, ran(...values))).toEqual(new Map([["pids", "64"]]));
  });

  it("are unknown where it has not run", () => {
    expect(appliedOptions(readHostSteps(limits("satu"))[0]!, undefined)).toBeUndefined();
  });
});
