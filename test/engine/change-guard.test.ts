import { describe, expect, it } from "vitest";

import { guardChanges } from "../../modules/engine/change-guard.ts";
import { summariseChanges } from "../../modules/engine/plan-summary.ts";
import type { ResourceChange } from "../../modules/engine/terraform-plan.ts";
import { recordedSummary } from "./recorded-changes.ts";

const permissions = (replace: readonly string[], destroy: readonly string[]) => ({
  replace: new Set(replace),
  destroy: new Set(destroy),
});
const NOTHING = permissions([], []);

describe("the guard", () => {
  it("lets new things through, and configuration that is replaced", () => {
    expect(guardChanges(recordedSummary("create"), NOTHING)).toEqual([]);
  });

  it("refuses to replace a VPS or to lose its volume, and says how to allow each", () => {
    expect(guardChanges(recordedSummary("replace"), NOTHING)).toMatchObject([
      {
        id: "unnamed-replace",
        severity: "error",
        what: "the plan of pusat-data would replace VPS ppdb, because of environment, volumes",
        fix: expect.stringContaining("--replace vps/ppdb"),
      },
      {
        id: "unnamed-destroy",
        what: "the plan of pusat-data would remove volume of VPS ppdb",
        fix: expect.stringContaining("--destroy vps/ppdb"),
      },
    ]);
  });

  it.each([
    ["replacing is not leave to lose data", permissions(["vps/ppdb"], []), ["unnamed-destroy"]],
    [
      "leave for a server in a rack is none for a VPS of its name",
      permissions([], ["colocation/ppdb"]),
      ["unnamed-replace", "unnamed-destroy"],
    ],
    ["destroying is leave for both", permissions([], ["vps/ppdb"]), []],
    [
      "another name is no leave",
      permissions(["vps/ppd"], ["vps/other"]),
      ["unnamed-replace", "unnamed-destroy"],
    ],
  ])("takes names as they are: %s", (_, named, refused) => {
    expect(guardChanges(recordedSummary("replace"), named).map(({ id }) => id)).toEqual(refused);
  });

  it("lets a disk grow, and refuses to shrink it, whatever is named", () => {
    const disk = (from: number, to: number): ResourceChange => ({
      address: "terraform_data.vps-ppdb-disk_step_54ABACB4",
      mode: "managed",
      type: "terraform_data",
      name: "vps-ppdb-disk_step_54ABACB4",
      change: {
        actions: ["delete", "create"],
        before: { triggers_replace: { "0": String(from) } },
        after: { triggers_replace: { "0": String(to) } },
      },
    });
    const judged = (from: number, to: number) => {
      const [stack] = recordedSummary("create").stacks;
      const changes = summariseChanges([disk(from * 2 ** 30, to * 2 ** 30)], () => undefined);
      const summary = { ...recordedSummary("create"), stacks: [{ ...stack!, changes }] };
      const refused = guardChanges(summary, permissions(["vps/ppdb"], ["vps/ppdb"]));
      return { said: changes[0]!.detail, refused: refused.map(({ id, what }) => `${id}: ${what}`) };
    };
    expect(judged(1, 2)).toEqual({ said: "disk 1 GiB -> 2 GiB, while it runs", refused: [] });
    expect(judged(2, 1)).toEqual({
      said: "disk 2 GiB -> 1 GiB, while it runs",
      refused: [
        "disk-shrinks: the plan of pusat-data would shrink the disk of VPS ppdb from 2 GiB to 1 GiB",
      ],
    });
  });

  it("refuses to remove a whole stack with a VPS in it", () => {
    const refused = guardChanges(recordedSummary("destroy"), NOTHING).map(({ what }) => what);
    expect(refused).toEqual([
      "the plan of pusat-data would remove VPS ppdb",
      "the plan of pusat-data would remove volume of VPS ppdb",
    ]);
  });

  it("says of a renamed VPS that its disk would not go with it, once", () => {
    const renamed = new Map([["vps/ppdb", "ppdb-online"]]);
    expect(guardChanges(recordedSummary("destroy"), { ...NOTHING, renamed })).toMatchObject([
      {
        id: "rename-keeps-no-disk",
        what: expect.stringContaining("vps/ppdb is called ppdb-online now"),
        fix: expect.stringContaining("--destroy vps/ppdb"),
      },
    ]);
    const named = { ...permissions([], ["vps/ppdb"]), renamed };
    expect(guardChanges(recordedSummary("destroy"), named)).toEqual([]);
  });

  it("goes by what exists, not by what a request calls it from now on", () => {
    const labels = (role: string) => [
      { label: "id.go.simpul.role", value: role },
      { label: "id.go.simpul.name", value: "ppdb" },
    ];
    const renamed: ResourceChange = {
      address: "docker_container.ppdb",
      mode: "managed",
      type: "docker_container",
      name: "ppdb",
      change: {
        actions: ["delete", "create"],
        before: { name: "simpul-uji-vps-ppdb", labels: labels("vps") },
        after: { name: "simpul-uji-vps-ppdb", labels: labels("prober") },
      },
    };
    const summary = recordedSummary("create");
    const stacks = [
      { ...summary.stacks[0]!, changes: summariseChanges([renamed], () => undefined) },
    ];
    expect(guardChanges({ ...summary, stacks }, NOTHING)).toMatchObject([
      { id: "unnamed-replace" },
    ]);
  });

  it("guards a volume whose role it does not know", () => {
    const stranger: ResourceChange = {
      address: "docker_volume.x",
      mode: "managed",
      type: "docker_volume",
      name: "x",
      change: { actions: ["delete"], before: { name: "somebodys-data" }, after: null },
    };
    const summary = recordedSummary("create");
    const stacks = [
      { ...summary.stacks[0]!, changes: summariseChanges([stranger], () => undefined) },
    ];
    expect(guardChanges({ ...summary, stacks }, NOTHING)).toMatchObject([
      { id: "unnamed-destroy", fix: expect.stringContaining("--destroy volume/somebodys-data") },
    ]);
  });

  it.each([
    ["a smaller disk, whatever is named", "1073741824", "536870912", ["disk-shrinks"]],
    ["nothing where the disk grows", "1073741824", "2147483648", []],
  ])("refuses %s", (_what, before, after, refused) => {
    const side = (size: string) => ({ triggers_replace: [size] });
    const step: ResourceChange = {
      address: "terraform_data.vps-ppdb-disk_step_92B6B8AD",
      mode: "managed",
      type: "terraform_data",
      name: "vps-ppdb-disk_step_92B6B8AD",
      change: { actions: ["delete", "create"], before: side(before), after: side(after) },
    };
    const summary = recordedSummary("create");
    const stacks = [{ ...summary.stacks[0]!, changes: summariseChanges([step], () => undefined) }];
    const named = permissions(["vps/ppdb"], ["vps/ppdb"]);
    const found = guardChanges({ ...summary, stacks }, named);
    expect(found.map(({ id }) => id)).toEqual(refused);
    if (refused.length > 0) expect(found[0]!.fix).toContain("disk: 1GiB");
  });
});
