import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** TypeScript sources below folders of the checkout, sorted: their path in it, with `/`, and their text. */
export async function sourceFiles(
  root: string,
  folders: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const files = (await Promise.all(folders.map((folder) => sourcesBelow(root, folder)))).flat();
  const texts = await Promise.all(
    files
      .toSorted()
      .map(async (file) => [file, await readFile(path.join(root, file), "utf8")] as const),
  );
  return new Map(texts);
}

async function sourcesBelow(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true });
  return entries
    .filter((entry) => entry.endsWith(".ts"))
    .map((entry) => path.posix.join(folder, ...entry.split(path.sep)));
}
