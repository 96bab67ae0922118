import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { FIREWALL_FILE, firewallProblem, firewallState } from "../../modules/engine/firewall.ts";

describe("firewallProblem", () => {
  let checkout: string;
  beforeEach(() => {
    checkout = mkdtempSync(path.join(tmpdir(), "simpul-firewall-"));
    mkdirSync(path.join(checkout, path.dirname(FIREWALL_FILE)), { recursive: true });
    writeFileSync(path.join(checkout, FIREWALL_FILE), "table inet simpul\n");
    mkdirSync(path.join(checkout, ".simpul/firewall"), { recursive: true });
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  it("refuses a host whose rules nobody here has loaded", async () => {
    expect(["absent", "changed"]).toContain(await firewallState(checkout, undefined));
    expect(await firewallProblem(checkout, undefined)).toMatchObject({
      id: "host-open",
      severity: "error",
    });
  });

  it("refuses rules that are other than those that were loaded", async () => {
    writeFileSync(path.join(checkout, ".simpul/firewall/local"), `${"0".repeat(64)}\n`);
    expect(await firewallProblem(checkout, undefined)).toMatchObject({ id: "host-open" });
  });

  it("refuses an engine whose host it cannot look at", async () => {
    expect(await firewallState(checkout, "tcp://192.0.2.1:2376")).toBe("out-of-reach");
    expect(await firewallProblem(checkout, "tcp://192.0.2.1:2376")).toMatchObject({
      id: "host-open",
    });
  });
});
