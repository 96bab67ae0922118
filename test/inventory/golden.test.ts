import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { hasErrors } from "../../modules/core/diagnostic.ts";
import { diagnosticText } from "../../modules/core/diagnostic-text.ts";
import { loadInventory } from "../../modules/inventory/load.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";

const GOLDEN = join(import.meta.dirname, "../golden");
const FIXTURES = join(import.meta.dirname, "../fixtures/inventory");

/** A case replaces the file of the small kabupaten that its name starts with. */
const REPLACED = {
  kabupaten: "kabupaten.yaml",
  topology: "wan/topology.yaml",
  "perangkat-daerah": "perangkat-daerah/dinas-pendidikan.yaml",
  desa: "desa/parakan.yaml",
  vps: "vps/ppdb-online.yaml",
  colocation: "colocation/rak-a.yaml",
  lock: "ip-plan.lock.yaml",
};

const cases = readdirSync(GOLDEN)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.slice(0, -".yaml".length));

describe("a bad file says exactly this:", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "simpul-golden-"));
    mkdirSync(join(directory, "regulations"));
    writeFileSync(join(directory, "regulations/perbup-contoh-1-2020.yaml"), "");
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it.each(cases)("%s", async (name) => {
    const replaced = Object.entries(REPLACED).find(([kind]) => name.startsWith(`${kind}-`))![1];
    const kabupaten = join(directory, "uji");
    cpSync(join(FIXTURES, "uji"), kabupaten, { recursive: true });
    mkdirSync(dirname(join(kabupaten, replaced)), { recursive: true });
    cpSync(join(GOLDEN, `${name}.yaml`), join(kabupaten, replaced));

    const loaded = await loadInventory({ directory, kabupaten: "uji" });
    const planned = loaded.inventory === undefined ? undefined : makePlan(loaded.inventory);
    rmSync(kabupaten, { recursive: true });

    // How much is not in a lock is no finding about the case.
    const findings = [...loaded.findings, ...(planned?.findings ?? [])].filter(
      ({ id }) => id !== "not-in-lock",
    );
    expect(`${findings.map(diagnosticText).join("\n")}\n`).toBe(
      readFileSync(join(GOLDEN, `${name}.txt`), "utf8"),
    );
    expect(planned?.plan === undefined).toBe(hasErrors(findings));
    expect(loaded.unreadable).toBe(false);
  });

  it("each has its text, and each text its case", () => {
    const texts = readdirSync(GOLDEN).filter((file) => file.endsWith(".txt"));
    expect(texts.map((file) => file.slice(0, -".txt".length))).toEqual(cases);
    expect(cases.length).toBeGreaterThanOrEqual(80);
  });
});
