import { describe, expect, it } from "vitest";

import { liveState, momentText } from "../../modules/verify/live-state.ts";
import { changed, seenRouters } from "./seen-routers.ts";

const AT = "2026-03-01 10:15 WIB";

describe("liveState", () => {
  const containers = new Map(
    seenRouters().map(({ container }) => [container, { running: true }] as const),
  );

  it("has every planned session up in both families when all run", () => {
    const { observedAt, sessions, containers: seen } = liveState(containers, seenRouters(), AT);
    expect(observedAt).toBe(AT);
    expect(sessions.map(({ up }) => up)).toEqual(Array.from({ length: 8 }, () => true));
    expect(sessions).toContainEqual({
      lower: "dinas-1",
      upper: "pop-parakan",
      segment: "access-parakan",
      family: 6,
      up: true,
    });
    expect(new Set(seen.values())).toEqual(new Set(["running"]));
  });

  it("tells a stopped router from one whose BIRD does not answer", () => {
    const silent = changed(seenRouters(["dinas-2"]), "dinas-1", () => ({
      birdAnswers: false,
      protocols: [],
    }));
    const stopped = new Map<string, { readonly running: boolean }>(containers).set("dinas-2", {
      running: false,
    });
    const live = liveState(stopped, silent, AT);
    expect(live.containers.get("dinas-2")).toBe("stopped");
    expect(live.containers.get("dinas-1")).toBe("silent");
    expect(live.containers.get("pop-parakan")).toBe("running");
    const down = live.sessions.filter(({ up }) => !up).map(({ lower }) => lower);
    expect(down).toEqual(["dinas-1", "dinas-1", "dinas-2", "dinas-2"]);
  });
});

describe("momentText", () => {
  it.each([
    ["Asia/Jakarta", "2026-03-01 06:05 WIB"],
    ["Asia/Makassar", "2026-03-01 07:05 WITA"],
    ["Asia/Jayapura", "2026-03-01 08:05 WIT"],
  ] as const)("is the local time of %s", (zone, text) => {
    expect(momentText(new Date("2026-02-28T23:05:40Z"), zone)).toBe(text);
  });
});
