import { describe, expect, it } from "vitest";

import { parseEnvironment } from "../../modules/engine/terraform-environment.ts";
import { parseEvent } from "../../modules/engine/terraform-events.ts";
import { failureOf, reasonFromText } from "../../modules/engine/terraform-failure.ts";

describe("setup's environment file", () => {
  it.each([
    ["export A=plain", { A: "plain" }],
    ["export A='/a b/c'", { A: "/a b/c" }],
    ["export PATH='/x/bin':\"$PATH\"", { PATH: "/x/bin:/usr/bin" }],
    ["export A='$PATH'", { A: "$PATH" }],
    ["export A=${NONE}x", { A: "x" }],
    ["export A='-fs-mirror=/m'", { A: "-fs-mirror=/m" }],
    ["A=1 # why", { A: "1" }],
    ["# export A=1", {}],
    ["rm -rf $(x)", {}],
  ])("reads %j", (text, expected) => {
    expect(parseEnvironment(text, { PATH: "/usr/bin" })).toEqual(expected);
  });
});

describe("terraform's events", () => {
  it("are read, and other lines passed over", () => {
    const hook = { resource: { addr: "docker_network.a" } };
    expect(parseEvent(JSON.stringify({ type: "apply_start", hook }))).toEqual({
      kind: "begun",
      address: "docker_network.a",
    });
    expect(parseEvent(JSON.stringify({ type: "apply_errored", hook }))).toMatchObject({
      kind: "failed",
    });
    expect(parseEvent(JSON.stringify({ type: "version" }))).toBeUndefined();
    expect(parseEvent('{"type":"apply_st')).toBeUndefined();
    expect(parseEvent("Warning: something")).toBeUndefined();
  });

  it("name the resource of a failed postcondition, which terraform leaves out", () => {
    const diagnostic = {
      severity: "error",
      summary: "Resource postcondition failed",
      detail: "refused",
      snippet: {
        context: "resource.docker_container.zones.lifecycle.postcondition[0]",
        code: "secret",
      },
    };
    expect(parseEvent(JSON.stringify({ type: "diagnostic", diagnostic }))).toEqual({
      kind: "diagnostic",
      diagnostic: {
        severity: "error",
        summary: "Resource postcondition failed",
        detail: "refused",
        address: "docker_container.zones",
      },
    });
  });
});

describe("why a stack failed", () => {
  const error = (summary: string, address?: string) => ({
    severity: "error" as const,
    summary,
    detail: "",
    ...(address !== undefined && { address }),
  });

  it.each([
    [
      "Unable to create container: Error response from daemon: No such image: sha256:1",
      "run scripts/setup.sh (step images)",
    ],
    [
      "Error response from daemon: Pool overlaps with other one on this address space",
      "taken by another Docker network",
    ],
    ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock", "stopped answering"],
    ["Error acquiring the state lock", "another run holds its state"],
  ])("%s", (summary, words) => {
    const { reasons } = failureOf(
      [error(summary, "docker_container.a")],
      () => "simpul-uji-router-a",
      "",
    );
    expect(reasons).toEqual([expect.stringContaining(words)]);
    expect(reasons[0]).toMatch(/^simpul-uji-router-a: /);
  });

  it("is told without terraform's frame when it comes as text", () => {
    const text = "╷\n│ Error: Failed to query provider packages\n│ \n│ could not reach\n╵\n";
    expect(reasonFromText(text)).toBe("Failed to query provider packages could not reach");
  });

  it("is never empty", () => {
    expect(failureOf([], () => undefined, "").reasons).toEqual([
      "terraform ended without saying why",
    ]);
  });
});
