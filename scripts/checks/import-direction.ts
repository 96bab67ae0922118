// Says which sources break the rules of the layers (docs/decisions/ADR-0001-layers-and-one-way-imports.md).
import path from "node:path";

import { sourceFiles } from "./source-files.ts";
import { breachesOf } from "./source-rules.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

const sources = await sourceFiles(ROOT, ["modules", "scripts", "stacks"]);
const breaches = [...sources].flatMap(([file, text]) => breachesOf(file, text));
for (const { file, line, what } of breaches) console.error(`${file}:${line} ${what}`);
if (breaches.length > 0) process.exitCode = 1;
