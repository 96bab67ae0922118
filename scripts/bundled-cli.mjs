import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = path.resolve(import.meta.dirname, "..");
const CACHE = path.join(ROOT, ".simpul/cache");
const SOURCES = ["modules", "scripts", "stacks"];
const WEEK = 7 * 24 * 3600 * 1000;

/**
 * The CLI bundled into JavaScript, made anew whenever a source file differs: it starts in a third of the time that
 * reading two hundred TypeScript files through tsx takes. Undefined where it cannot be made; tsx then does.
 */
export async function bundledCli() {
  try {
    const folder = folderOfSources();
    const made = statSync(folder, { throwIfNoEntry: false });
    if (made === undefined) await bundle(folder);
    else if (made.uid === process.getuid?.()) utimesSync(folder, new Date(), new Date());
    return await import(pathToFileURL(path.join(folder, "simpul.js")).href);
  } catch {
    return undefined;
  }
}

/** Named by every source file's name and text, and by the checkout's place, which stands in the bundle. */
function folderOfSources() {
  const hash = createHash("sha256").update(ROOT);
  for (const top of SOURCES)
    for (const file of readdirSync(path.join(ROOT, top), { recursive: true }).toSorted())
      if (/\.m?ts$|\.mjs$/.test(file))
        hash.update(`\0${top}/${file}\0`).update(readFileSync(path.join(ROOT, top, file)));
  return path.join(CACHE, `cli-${hash.digest("hex").slice(0, 32)}`);
}

/** Made beside and renamed: of two runs at once both make it, one's is kept, and the other goes through tsx once. */
async function bundle(folder) {
  const { build } = createRequire(createRequire(import.meta.url).resolve("tsx/package.json"))(
    "esbuild",
  );
  const mine = `${folder}.${process.pid}`;
  mkdirSync(CACHE, { recursive: true });
  forgetUnused();
  await build({
    entryPoints: [path.join(ROOT, "scripts/simpul.ts")],
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", packages: "external" },
    ...{ outdir: mine, logLevel: "silent", plugins: [{ name: "own-places", setup: keepPlaces }] },
  });
  try {
    if (folderOfSources() !== folder) throw new Error("a source was saved meanwhile");
    renameSync(mine, folder);
  } finally {
    rmSync(mine, { recursive: true, force: true });
  }
}

/** Each source file goes on knowing where it stands. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
    loader: "ts",
    contents: readFileSync(file, "utf8")
      .replaceAll("import.meta.dirname", JSON.stringify(path.dirname(file)))
      .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(file).href)),
  }));
}

/** Not at once: a long deploy may still load parts of an older one. */
function forgetUnused() {
  for (const name of readdirSync(CACHE)) {
    const folder = path.join(CACHE, name);
    if (name.startsWith("cli-") && statSync(folder).mtimeMs < Date.now() - WEEK)
      rmSync(folder, { recursive: true, force: true });
  }
}
