import { readFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { diagnosticIds } from "../../scripts/checks/diagnostic-ids.ts";
import { sourceFiles } from "../../scripts/checks/source-files.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

let listed: readonly string[];
/** As they stand in the source; `*` is what is put in at run time. */
let written: readonly string[];

beforeAll(async () => {
  const page = await readFile(path.join(ROOT, "docs/diagnostics.md"), "utf8");
  listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id!);
  const sources = await sourceFiles(ROOT, ["modules", "stacks", "scripts"]);
  written = [...new Set([...sources].flatMap(([file, text]) => diagnosticIds(file, text)))];
});

const matches = (id: string, form: string): boolean =>
  new RegExp(`^${form.replaceAll("*", "[a-z-]+")}$`).test(id);

describe("docs/diagnostics.md", () => {
  it("lists every id that the source can give", () => {
    expect(written.filter((form) => !listed.some((id) => matches(id, form)))).toEqual([]);
  });

  it("lists no id that the source does not give", () => {
    expect(listed.filter((id) => !written.some((form) => matches(id, form)))).toEqual([]);
  });

  it("lists each id once", () => {
    expect(listed.filter((id, index) => listed.indexOf(id) !== index)).toEqual([]);
  });
});

describe("diagnosticIds", () => {
  it.each([
    ['const a = { id: "a-b", why: "it is so" };', ["a-b"]],
    ['const a = { id: "a-b", ...rest };', ["a-b"]],
    ['error(at, "a-b", `${x} is wrong`, "why", "fix");', ["a-b"]],
    ['error(at, yes ? "a-b" : "c-d", "it is wrong", "why", "fix");', ["a-b", "c-d"]],
    ["const a = { id: `a-${b}`, why };", ["a-*"]],
    ['new Step(context, { id: "a-b", args: [] });', []],
    ['program.option("--a-b", "does this and that");', []],
  ])("reads %s", (text, ids) => {
    expect(diagnosticIds("modules/plan/a.ts", text)).toEqual(ids);
  });
});
