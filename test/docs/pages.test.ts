import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { beforeAll, describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const EXAMPLE = "inventory/temanggung/vps/ppdb-online.yaml";

let pages: ReadonlyMap<string, string>;
let files: readonly string[];

beforeAll(async () => {
  const docs = await readdir(path.join(ROOT, "docs"), { recursive: true });
  const names = [
    "README.md",
    "CONTRIBUTING.md",
    "images/README.md",
    "workflows/README.md",
    ...docs.filter((name) => name.endsWith(".md")).map((name) => path.join("docs", name)),
  ];
  const texts = names.map(
    async (name) => [name, await readFile(path.join(ROOT, name), "utf8")] as const,
  );
  pages = new Map(await Promise.all(texts));
  const folders = ["modules", "scripts", "stacks", "images", "test", "workflows"];
  const below = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(path.join(ROOT, folder), { recursive: true });
      return entries.map((entry) => `/${folder}/${entry}`);
    }),
  );
  const beside = await readdir(ROOT);
  files = [...below.flat(), ...beside.map((entry) => `/${entry}`)];
});

function found(pattern: RegExp): readonly (readonly [string, string])[] {
  return [...pages].flatMap(([page, text]) =>
    [...text.matchAll(pattern)].map((match) => [page, match[1]!] as const),
  );
}

describe("the pages", () => {
  it("link to files that are there", () => {
    const broken = found(/\]\((?!https?:)([^)#]+)/g).filter(
      ([page, link]) => !existsSync(path.join(ROOT, path.dirname(page), link)),
    );
    expect(broken).toEqual([]);
  });

  it("name sources that are there", () => {
    const named = found(/`([\w./-]+\.(?:ts|sh|nft))`/g);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(([, name]) => !files.some((file) => file.endsWith(`/${name}`)))).toEqual(
      [],
    );
  });

  it("name npm scripts and simpul commands that are there", async () => {
    const { scripts } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const missing = found(/npm run ([a-z]+)/g).filter(([, name]) => !Object.hasOwn(scripts, name));
    expect(missing).toEqual([]);

    const simpul = path.join(ROOT, "scripts/simpul");
    const { stdout } = await promisify(execFile)(simpul, ["--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name!);
    expect(found(/npx simpul ([a-z]+)/g).filter(([, name]) => !commands.includes(name))).toEqual(
      [],
    );
  });

  it("show the VPS that is deployed", async () => {
    const withoutKey = (text: string): string => text.replaceAll(/(ssh-ed25519) \S+/g, "$1");
    const deployed = withoutKey(await readFile(path.join(ROOT, EXAMPLE), "utf8"));
    for (const page of ["README.md", "docs/panduan/meminta-vps.md"])
      expect(withoutKey(pages.get(page)!)).toContain(`\`\`\`yaml\n${deployed}\`\`\``);
  });
});
