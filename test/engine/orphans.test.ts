import { describe, expect, it } from "vitest";

import type { EngineObject, ObjectKind } from "../../modules/engine/docker-objects.ts";
import { findOrphans } from "../../modules/engine/orphans.ts";
import { parseConfiguration } from "../../modules/engine/stack-configuration.ts";

const live = (
  kind: ObjectKind,
  name: string,
  role = "router",
  stack = "backbone",
): EngineObject => ({
  kind,
  name,
  id: kind === "volume" ? name : `id-${name}`,
  state: kind === "container" ? "running" : "",
  labels: { stack, role, name, config: "" },
});
const state = (ids: readonly string[], addresses: readonly string[] = []) => ({
  version: "l/1",
  ids: new Set(ids),
  addresses: new Set(addresses),
});
const declared = new Map([
  [
    "backbone",
    parseConfiguration(
      JSON.stringify({
        resource: {
          docker_container: { core: { name: "core" }, ppdb: { name: "ppdb" } },
          docker_network: { segment: { name: "segment" } },
          docker_volume: { disk: { name: "disk" } },
        },
      }),
    ),
  ],
]);

const sorted = (objects: readonly EngineObject[], known = state([])) => {
  const { remove, adopt, leave } = findOrphans(objects, new Map([["backbone", known]]), declared);
  const adopted = [...adopt].map(([stack, addresses]) => [stack, Object.fromEntries(addresses)]);
  return {
    remove: remove.map(({ name }) => name),
    adopt: Object.fromEntries(adopted) as Readonly<
      Record<string, Readonly<Record<string, string>>>
    >,
    leave: leave.map(({ name }) => name),
  };
};

describe("what no state knows", () => {
  it.each([
    ["a router", live("container", "core"), { remove: ["core"] }],
    ["a router that nothing declares", live("container", "old"), { remove: ["old"] }],
    ["a VPS that is to be made", live("container", "ppdb", "vps"), { remove: ["ppdb"] }],
    ["a VPS that nothing declares", live("container", "lost", "vps"), { leave: ["lost"] }],
    [
      "a declared network",
      live("network", "segment"),
      { adopt: { backbone: { "docker_network.segment": "id-segment" } } },
    ],
    ["a network that nothing declares", live("network", "old"), { remove: ["old"] }],
    [
      "a declared volume",
      live("volume", "disk", "vps"),
      { adopt: { backbone: { "docker_volume.disk": "disk" } } },
    ],
    ["a volume that nothing declares", live("volume", "old", "vps"), { leave: ["old"] }],
    ["a container that no stack made", live("container", "restore", "backup-runner", ""), {}],
  ])("is judged by what it is: %s", (_, object, expected) => {
    expect(sorted([object])).toEqual({ remove: [], adopt: {}, leave: [], ...expected });
  });

  it("is nothing when the state knows it", () => {
    expect(sorted([live("container", "core")], state(["id-core"]))).toEqual({
      remove: [],
      adopt: {},
      leave: [],
    });
  });

  it("stands in the way where the state has another network at its address", () => {
    const known = state(["id-other"], ["docker_network.segment"]);
    expect(sorted([live("network", "segment")], known)).toEqual({
      remove: ["segment"],
      adopt: {},
      leave: [],
    });
  });
});
