import { describe, expect, it } from "vitest";

import { breachesOf } from "../../scripts/checks/source-rules.ts";

describe("breachesOf", () => {
  it.each([
    ["modules/core/a.ts", 'import { b } from "../plan/b.ts";', "imports go down only"],
    ["modules/core/a.ts", 'import type { B } from "../plan/b.ts";', "imports go down only"],
    ["modules/core/a.ts", 'export * from "../plan/b.ts";', "imports go down only"],
    ["modules/core/a.ts", 'export { b } from "../plan/b.ts";', "imports go down only"],
    ["modules/plan/a.ts", 'const b = await import("../render/b.ts");', "imports go down only"],
    ["modules/plan/a.ts", 'let b: import("../render/b.ts").B;', "imports go down only"],
    ["modules/plan/a.ts", "const b = await import(`../render/b.ts`);", "imports go down only"],
    ["modules/render/a.ts", 'import { b } from "../constructs/b.ts";', "imports go down only"],
    ["modules/engine/a.ts", 'import { b } from "../../stacks/b.ts";', "imports go down only"],
    ["stacks/a.ts", 'import { b } from "../scripts/output.ts";', "imports go down only"],
    ["modules/plan/a.ts", 'import { b } from "../../test/b.ts";', "stands in no layer"],
    ["modules/news/a.ts", "", "stands in no layer"],
    ["stacks/a.ts", 'import { App } from "cdktf";', "only modules/constructs/cdktf.ts may"],
    ["modules/constructs/vps.ts", 'import type { Construct } from "constructs";', "only modules"],
    ["scripts/a.ts", 'const docker = require("@cdktf/provider-docker/lib/x.js");', "only modules"],
    ["modules/render/a.ts", "export default 1;", "default export"],
    ["modules/render/a.ts", "const a = 1; export { a as default };", "default export"],
    ["modules/engine/a.ts", "process.exit(1);", "only scripts/ prints and exits"],
    ["modules/engine/a.ts", "process.exitCode = 1;", "only scripts/ prints and exits"],
    ["modules/verify/a.ts", "console.log(1);", "only scripts/ prints and exits"],
    ["stacks/synthesise.ts", 'process["stdout"].write("x");', "only scripts/ prints and exits"],
    ["modules/plan/a.ts", 'import { readFileSync } from "node:fs";', "pass the value in"],
    ["modules/core/a.ts", 'import { spawn } from "node:child_process";', "pass the value in"],
    ["modules/plan/a.ts", "const home = process.env.HOME;", "pass the value in"],
    ["modules/plan/a.ts", "const now = Date.now();", "pass the value in"],
    ["modules/core/a.ts", "const now = new Date();", "pass the value in"],
    ["modules/core/a.ts", "const now = new Date;", "pass the value in"],
    ["modules/plan/a.ts", "const dice = Math.random();", "pass the value in"],
  ])("finds in %s: %s", (file, text, what) => {
    expect(breachesOf(file, text)).toEqual([
      { file, line: 1, what: expect.stringContaining(what) },
    ]);
  });

  it.each([
    ["modules/plan/a.ts", 'import { b } from "../core/b.ts"; import { c } from "./c.ts";'],
    ["modules/plan/a.ts", 'import { createHash } from "node:crypto";'],
    [
      "modules/plan/a.ts",
      'const day = new Date("2027-12-31"); // never new Date() or console.log()',
    ],
    ["modules/plan/a.ts", "const text = \"import { x } from '../render/x.ts'; process.exit(1)\";"],
    ["modules/engine/a.ts", 'import { readFile } from "node:fs/promises"; const now = Date.now();'],
    ["modules/constructs/cdktf.ts", 'export { App } from "cdktf";'],
    ["stacks/main.ts", "console.error(process.env); process.exitCode = 1;"],
    ["scripts/a.ts", 'import { x } from "../modules/core/x.ts"; process.stdout.write("x");'],
  ])("accepts in %s: %s", (file, text) => {
    expect(breachesOf(file, text)).toEqual([]);
  });

  it("names the line", () => {
    const text = '/** Two\n * lines. */\n\nimport { b } from "../plan/b.ts";\n';
    expect(breachesOf("modules/core/a.ts", text)).toMatchObject([{ line: 4 }]);
  });
});
