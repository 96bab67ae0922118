import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const FOLDER = join(import.meta.dirname, "../../inventory/regulations");

const regulation = v.strictObject({
  id: v.string(),
  title: v.string(),
  kabupaten: v.string(),
  in_force: v.pipe(v.string(), v.isoDate()),
  timezone: v.picklist(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
  domain: v.pipe(v.string(), v.endsWith(".go.id")),
  note: v.optional(v.string()),
  obligations: v.pipe(
    v.array(
      v.strictObject({
        id: v.string(),
        modality: v.picklist(["wajib", "harus", "dapat", "berwenang", "tugas"]),
        actor: v.picklist(["pd", "pd-mandiri", "dinas", "desa"]),
        topic: v.pipe(v.string(), v.slug()),
        evidence: v.picklist(["machine", "document"]),
        duty: v.pipe(v.string(), v.endsWith(".")),
        proof: v.optional(v.pipe(v.array(v.pipe(v.string(), v.slug())), v.minLength(1))),
      }),
    ),
    v.minLength(10),
  ),
});

describe("the regulations", () => {
  const files = readdirSync(FOLDER);
  const all = files.map((file) =>
    v.parse(regulation, parse(readFileSync(join(FOLDER, file), "utf8"))),
  );

  it("are five, each in the file of its id", () => {
    expect(all.map(({ id }) => `${id}.yaml`)).toEqual(files);
    expect(all.map(({ kabupaten }) => kabupaten).toSorted()).toEqual([
      "banjar",
      "manggarai",
      "mukomuko",
      "sintang",
      "temanggung",
    ]);
  });

  it("oblige 128 times, each once, under the kabupaten's name", () => {
    const ids = all.flatMap(({ kabupaten, obligations }) =>
      obligations.map(({ id }) => ({ id, kabupaten })),
    );
    expect(ids).toHaveLength(128);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(128);
    for (const { id, kabupaten } of ids) expect(id.startsWith(`${kabupaten}-`)).toBe(true);
  });
});
