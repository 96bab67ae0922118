import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { Fault } from "../../modules/core/fault.ts";
import { EngineRefusal, engineProblem, localEngine } from "../../modules/engine/docker-engine.ts";
import { readRoleImages } from "../../modules/engine/images.ts";
import { terraformEnvironment } from "../../modules/engine/terraform-environment.ts";
import { headsToRead } from "../../modules/evidence/compare-heads.ts";
import { headName, DrcHeads, type DrcPlace } from "../../modules/evidence/drc-heads.ts";
import { parseHead, type SignedHead } from "../../modules/evidence/head.ts";
import { verifySignature } from "../../modules/evidence/signature.ts";
import { LOCAL, ROOT } from "../../stacks/prepare.ts";
import type { Prepared } from "../project.ts";

/** What came of a look at the DRC's heads. */
export interface AtDrc<T> {
  /** Absent where there is no DRC, or it was not reached. */
  readonly result?: T;
  readonly findings: readonly Diagnostic[];
}

/** Heads that were kept at the DRC and are to be held against the ledger, as texts; and how many are there. */
export function headsAtDrc(
  { plan }: Prepared,
  folder: string,
): Promise<AtDrc<{ readonly texts: readonly string[]; readonly count: number }>> {
  return atDrc(plan, async (place) => {
    const heads = new DrcHeads(place);
    const kept = await heads.list();
    const texts: string[] = [];
    for (const head of await headsToRead(folder, kept)) {
      const text = await heads.read(head);
      // Another text under its name says nothing, and neither does another kabupaten's.
      const isIt = headName(text) === head.name && parseHead(text)?.kabupaten === plan.name;
      if (isIt) texts.push(text);
    }
    return { texts, count: kept.length };
  });
}

/** Adds what the ledger's heads say to what the DRC keeps. @returns how many are new there */
export function copyHeads({ plan }: Prepared, folder: string): Promise<AtDrc<number>> {
  return atDrc(plan, async (place) => {
    const texts = await genuineHeads(folder, plan.name);
    const heads = new DrcHeads(place);
    let added = 0;
    for (const text of texts) if (await heads.add(text)) added++;
    return added;
  });
}

async function atDrc<T>(
  { name, drc }: Prepared["plan"],
  work: (place: DrcPlace) => Promise<T>,
): Promise<AtDrc<T>> {
  if (drc === undefined) return { findings: [] };
  const images = readRoleImages(ROOT);
  if (images instanceof Fault) return { findings: [notReached(images.what)] };
  const engine = localEngine(await terraformEnvironment(path.join(LOCAL, "env"), process.env));
  const problem = await engineProblem(engine);
  if (problem !== undefined) return { findings: [notReached(problem.what)] };
  try {
    const image = images["backup-proof"].id;
    return { result: await work({ kabupaten: name, engine, image }), findings: [] };
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    return { findings: [notReached(error.message)] };
  }
}

async function genuineHeads(folder: string, kabupaten: string): Promise<readonly string[]> {
  const place = path.join(folder, "heads");
  const names = await readdir(place).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(path.join(place, name), "utf8")));
  return texts.filter((text) => {
    const head = parseHead(text);
    return head?.kabupaten === kabupaten && headName(text) !== undefined && isSigned(head);
  });
}

function isSigned({ signedText, signature, key }: SignedHead): boolean {
  return verifySignature(signedText, signature, key, []) !== "forged";
}

function notReached(said: string): Diagnostic {
  return {
    id: "evidence-drc-unreached",
    severity: "warning",
    what: `the heads that the DRC keeps were not reached: ${said}`,
    why: "a ledger whose end was cut off, or that was written anew with its key, shows only beside a copy elsewhere",
    fix: "run simpul evidence verify where the kabupaten is deployed from, when the DRC's engine answers again",
  };
}
