import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ProofOutcome } from "../../modules/verify/backup-proof.ts";
import { buildProofLab, type ProofLab } from "./backup-proof-lab.ts";

let lab: ProofLab;

beforeAll(async () => {
  lab = await buildProofLab();
  await lab.make(
    "whole",
    "begin; files; TIME='-1 day' take; echo more >>/backup/files/srv/data/numbers; databases; take",
  );
  await lab.make(
    "small",
    "begin; files; TIME='-1 day' take; echo more >/backup/files/srv/data/more; take",
  );
});

afterAll(async () => {
  await lab.remove();
  expect(await lab.leftovers()).toEqual([]);
});

function errorsOf({ problems }: ProofOutcome): readonly string[] {
  return problems.filter(({ severity }) => severity === "error").map(({ id }) => id);
}

describe("a repository that is whole", () => {
  it("is proven: files of every kind compared, databases loaded and counted, all packs read", async () => {
    const subject = lab.subject("whole", { databases: ["postgresql"] });
    const [outcome] = await lab.prove([subject]);
    expect(outcome!.problems).toEqual([]);
    expect(outcome!.proven).toMatchObject({ files: 11, databases: 3, rows: 5000 });
    expect(outcome!.partsRead.every((read) => read !== undefined)).toBe(true);
    const [again] = await lab.prove([subject]);
    expect(again!.problems).toEqual([]);
    expect(again!.proven).toEqual(outcome!.proven);
    expect(again!.readBytes).toBe(0);
  });
});
