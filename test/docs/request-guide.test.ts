import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { hasErrors } from "../../modules/core/diagnostic.ts";
import { diagnosticText } from "../../modules/core/diagnostic-text.ts";
import { loadInventory } from "../../modules/inventory/load.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const GUIDE = readFileSync(path.join(ROOT, "docs/panduan/meminta-vps.md"), "utf8");
const [EXAMPLE] = [...GUIDE.matchAll(/```yaml\n(name: .*?)```/gs)].map(([, text]) => text!);
const NAME = /^name: (.+)$/m.exec(EXAMPLE!)![1]!;

/** The inventory of the repository with the guide's example in it, as whoever follows the guide would have it. */
async function withExample(text: string) {
  const directory = mkdtempSync(path.join(tmpdir(), "simpul-guide-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(path.join(ROOT, "inventory"), directory, { recursive: true });
  writeFileSync(path.join(directory, `temanggung/vps/${NAME}.yaml`), text);
  const loaded = await loadInventory({ directory, kabupaten: "temanggung" });
  const planned = loaded.inventory && makePlan(loaded.inventory);
  return { plan: planned?.plan, findings: [...loaded.findings, ...(planned?.findings ?? [])] };
}

it("the guide's example is a request that can be served, under the name it tells", async () => {
  const { plan, findings } = await withExample(EXAMPLE!);
  expect(hasErrors(findings), findings.map(diagnosticText).join("\n")).toBe(false);
  const vps = plan!.vps.find(({ name }) => name === NAME)!;
  expect(GUIDE).toContain(`ssh root@${vps.hostname}\n`);
  expect(GUIDE).toContain(`inventory/temanggung/vps/${NAME}.yaml`);
});

it("the guide's mistake is told in exactly the words it shows", async () => {
  const { findings } = await withExample(EXAMPLE!.replace("memory: 1GiB", "memory: 2"));
  expect(findings).toHaveLength(1);
  expect(GUIDE).toContain(`\`\`\`\n${diagnosticText(findings[0]!)}\n\`\`\``);
});
