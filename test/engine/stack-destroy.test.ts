import { describe, expect, it } from "vitest";

import { staleInEngine } from "../../modules/engine/stack-destroy.ts";

const BUSY =
  "Error response from daemon: error while removing network: network simpul-uji-router-access-parakan id f3df has active endpoints";

describe("what an engine does not let go of", () => {
  it("asks for a restart of the engine when a network is busy and no container is left", () => {
    expect(staleInEngine([BUSY], [{ kind: "network" }])).toEqual([
      expect.stringContaining("systemctl restart docker"),
    ]);
  });

  it("asks for it when a disk is said to be mounted that nobody has", () => {
    const refusal = "Error response from daemon: remove simpul-uji-vps-a: volume has active mounts";
    expect(staleInEngine([refusal], [])).toEqual([
      expect.stringContaining("systemctl restart docker"),
    ]);
  });

  it("does not while a container is there, or when something else was refused", () => {
    expect(staleInEngine([BUSY], [{ kind: "network" }, { kind: "container" }])).toEqual([]);
    expect(staleInEngine(["permission denied"], [{ kind: "network" }])).toEqual([]);
  });
});
