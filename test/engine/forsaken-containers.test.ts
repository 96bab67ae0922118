import { describe, expect, it } from "vitest";

import {
  forsakenAmong,
  type KnownContainer,
  type Shim,
} from "../../modules/engine/forsaken-containers.ts";

const shim = (id: string, address = "/run/ours.sock"): Shim => ({ pid: `1${id}`, id, address });
const container = (id: string, state: string, kabupaten = "uji"): KnownContainer => ({
  id,
  state,
  kabupaten,
});

describe("containers that the engine lost", () => {
  it.each([
    ["runs and is known to", [container("2", "running")], []],
    ["is unknown", [container("1", "running")], ["2"]],
    ["is said to be created only", [container("2", "created")], ["2"]],
    ["is said to have ended", [container("2", "exited")], ["2"]],
    ["is about to start again", [container("2", "restarting")], []],
    ["is paused", [container("2", "paused")], []],
    ["is another kabupaten's, and begins", [container("2", "created", "banjar")], []],
    ["is nobody's of ours, and begins", [container("2", "created", "")], []],
  ])("finds one that %s: only what is the kabupaten's or nobody's", (_what, known, found) => {
    const all = [container("0", "running"), ...known];
    const shims = [shim("0"), shim("2")];
    expect(forsakenAmong(shims, all, "uji").map(({ id }) => id)).toEqual(found);
  });

  it("leaves those of another engine alone", () => {
    const shims = [shim("0"), shim("9", "/run/other.sock")];
    expect(forsakenAmong(shims, [container("0", "running")], "uji")).toEqual([]);
  });

  it("leaves all alone where it knows none of them", () => {
    expect(forsakenAmong([shim("8"), shim("9")], [], "uji")).toEqual([]);
  });
});
