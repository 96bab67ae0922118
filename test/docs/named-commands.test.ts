import path from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import {
  adviceIn,
  missingOf,
  namedCommands,
  type Advice,
} from "../../scripts/checks/named-commands.ts";
import { sourceFiles } from "../../scripts/checks/source-files.ts";
import { commandTree } from "../../scripts/simpul.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const TREE = commandTree({ line: () => {}, json: () => {}, exitCode: () => {} }, "uji");

let advices: readonly Advice[];

beforeAll(async () => {
  const sources = await sourceFiles(ROOT, ["modules", "stacks", "scripts"]);
  advices = [...sources].flatMap(([file, text]) => adviceIn(file, text));
});

const missingIn = ({ text, isFix }: Advice): readonly string[] =>
  namedCommands(text).flatMap((named) => missingOf(TREE, named, isFix) ?? []);

describe("what texts tell people to run", () => {
  it("is there: every command, and every option behind it", () => {
    expect(advices.filter(({ isFix }) => isFix).length).toBeGreaterThan(100);
    expect(advices.flatMap((advice) => missingIn(advice).map((it) => [it, advice.text]))).toEqual(
      [],
    );
  });
});

describe("missingOf", () => {
  it.each([
    ["take a backup: simpul backup run", true, []],
    ["take a backup: simpul backup now", true, ["backup now"]],
    ["(simpul backup copy), and find out", false, ["backup copy"]],
    ["run simpul backup prune NAME --site drc", true, []],
    ["simpul backup prune --repair-index makes it anew", true, ["prune --repair-index"]],
    ["simpul repair does it", true, ["simpul repair"]],
    ["what simpul runs there", false, []],
    ["simpul deploy makes it", true, []],
    ["simpul deploy --only drc --yes", true, []],
    ["see images/simpul and /etc/simpul here", true, []],
  ])("judges %j", (text, isFix, missing) => {
    expect(missingIn({ text, isFix })).toEqual(missing);
  });
});
