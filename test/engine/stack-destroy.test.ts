import { describe, expect, it } from "vitest";

import { stalePorts } from "../../modules/engine/stack-destroy.ts";

const BUSY =
  "Error response from daemon: error while removing network: network simpul-uji-router-access-parakan id f3df has active endpoints";

describe("what an engine does not let go of", () => {
  it("asks for a restart of the engine when a network is busy and no container is left", () => {
    expect(stalePorts([BUSY], [{ kind: "network" }])).toEqual([
      expect.stringContaining("systemctl restart docker"),
    ]);
  });

  it("does not while a container is there, or when something else was refused", () => {
    expect(stalePorts([BUSY], [{ kind: "network" }, { kind: "container" }])).toEqual([]);
    expect(stalePorts(["permission denied"], [{ kind: "network" }])).toEqual([]);
  });
});
