// Exits 0 when node_modules holds what package-lock.json asks for. Plain JavaScript: it runs
// before tsx is installed. `npm ls` tells the same in 2 s; this takes 60 ms.
import { existsSync, readFileSync } from "node:fs";

const root = process.argv[2] ?? ".";
const read = (file) => {
  const path = `${root}/${file}`;
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
};

const wanted = read("package-lock.json");
const installed = read("node_modules/.package-lock.json");
const differs = ([path, entry]) =>
  path.startsWith("node_modules/") &&
  !(entry.optional && !(path in installed)) &&
  (installed[path]?.version !== entry.version || !existsSync(`${root}/${path}`));

process.exit(Object.keys(wanted).length > 0 && !Object.entries(wanted).some(differs) ? 0 : 1);
