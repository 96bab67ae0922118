import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import type { Lock } from "../../modules/inventory/model.ts";
import type { DnsPlan } from "../../modules/plan/dns-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { prepareDnsSecrets, type DnsSecrets } from "../../stacks/dns-secrets.ts";
import { buildInventory } from "../plan/inventory-builder.ts";

const ZONE_KEY = "ds/ujikab.go.id";

describe("prepareDnsSecrets", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "simpul-dns-secrets-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const prepared = (known: ReadonlyMap<string, string> = new Map()): DnsSecrets | Fault =>
    prepareDnsSecrets(dns(), lockOf(known), path.join(folder, "secrets"));
  const made = (known?: ReadonlyMap<string, string>): DnsSecrets => {
    const secrets = prepared(known);
    if (secrets instanceof Fault) throw new Error(secrets.what);
    return secrets;
  };

  it("reports the DS of every key it makes, and makes none again", () => {
    const first = made();
    expect(first.newAnchors.size).toBe(dns().zones.length);
    expect(first.newAnchors.get(ZONE_KEY)).toMatch(/^\d+ 13 2 [0-9a-f]{64}$/);
    expect(made()).toEqual(first);
    expect(made(first.newAnchors).newAnchors).toEqual(new Map());
  });

  it("makes no new key for a zone whose DS is known when the folder of secrets is lost", async () => {
    const { newAnchors } = made();
    await rm(path.join(folder, "secrets"), { recursive: true });
    expect(prepared(newAnchors)).toMatchObject({
      what: expect.stringContaining("is not on this machine"),
    });
  });

  it("refuses a key that is not the one whose DS is known", () => {
    const { newAnchors } = made();
    const foreign = new Map([...newAnchors, [ZONE_KEY, `1 13 2 ${"0".repeat(64)}`]]);
    expect(prepared(foreign)).toMatchObject({
      what: expect.stringMatching(
        /^trust-anchors:1 says that ujikab\.go\.id\. is signed by 1 13 2 0/,
      ),
    });
  });
});

function dns(): DnsPlan {
  const { plan } = makePlan(buildInventory({ pops: 1, lans: [{ length: 24, pop: 0 }], vps: [] }));
  if (plan === undefined) throw new Error("no plan");
  return plan.dns;
}

function lockOf(entries: ReadonlyMap<string, string>): Lock {
  const at = { file: "trust-anchors", line: 1, column: 1 };
  return { entries: new Map([...entries].map(([key, value]) => [key, { value, at }])) };
}
