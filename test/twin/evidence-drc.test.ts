import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { localEngine } from "../../modules/engine/docker-engine.ts";
import { readRoleImages, type RoleImages } from "../../modules/engine/images.ts";
import { DrcHeads, headName, headsVolume } from "../../modules/evidence/drc-heads.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Of its own, for its signing key stands among the checkout's secrets. */
const KABUPATEN = `salin${process.pid}`;
const SECRETS = join(ROOT, ".simpul/secrets", KABUPATEN);

let folder: string;
let ledger: string;
let heads: DrcHeads;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "simpul-heads-"));
  ledger = join(folder, "evidence", KABUPATEN);
  const inventory = join(folder, "inventory", KABUPATEN);
  cpSync(join(ROOT, "test/fixtures/inventory/uji"), inventory, { recursive: true });
  const change = (file: string, from: RegExp, to: string): void => {
    const at = join(inventory, file);
    writeFileSync(at, readFileSync(at, "utf8").replace(from, to));
  };
  const cores = "cores:\n  core-drc: { site: drc, segments: [backbone-a] }\n";
  change("wan/topology.yaml", /^cores:\n/m, cores);
  change("kabupaten.yaml", /^regulation: .*$/m, "regulation: perbup-temanggung-83-2021");
  writeFileSync(join(folder, "denah.pdf"), "denah LAN");
  const image = (readRoleImages(ROOT) as RoleImages)["backup-proof"].id;
  heads = new DrcHeads({ kabupaten: KABUPATEN, engine: localEngine(process.env), image });
});

beforeEach(async () => {
  for (const each of [join(folder, "evidence"), SECRETS])
    rmSync(each, { recursive: true, force: true });
  await docker("volume", "rm", "--force", headsVolume(KABUPATEN));
});

afterAll(async () => {
  await docker("volume", "rm", "--force", headsVolume(KABUPATEN));
  rmSync(SECRETS, { recursive: true, force: true });
  rmSync(folder, { recursive: true });
});

function docker(...words: readonly string[]): Promise<{ readonly code: number }> {
  return localEngine(process.env).run(["docker", ...words]);
}

interface Said {
  readonly findings: readonly { readonly id: string; readonly what: string }[];
  readonly drc?: { readonly heads: number };
}

function simpul(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly said: Said; readonly ids: readonly string[] }> {
  const common = ["--kabupaten", KABUPATEN, "--inventory", join(folder, "inventory")];
  const all = [...words, "--json", ...common, "--evidence", join(folder, "evidence")];
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = execFile(join(ROOT, "scripts/simpul"), all, { cwd: folder, env }, (_e, out) => {
      const said = JSON.parse(out) as Said;
      const ids = said.findings.map(({ id }) => id).filter((id) => id !== UNSIGNED);
      resolve({ code: child.exitCode ?? -1, said, ids });
    });
  });
}

/** Nobody is named in this inventory, which is said each time. */
const UNSIGNED = "evidence-signers-missing";

const add = async (title: string) =>
  expect(
    (await simpul(["evidence", "add", "temanggung-22-1", "denah.pdf", "--title", title])).code,
  ).toBe(0);
const verify = (environment?: Readonly<Record<string, string>>) =>
  simpul(["evidence", "verify"], environment);

/** The ledger and this machine's memory of it, to be put back later, as a forger would. */
function photograph(name: string): () => void {
  const kept = join(folder, name);
  cpSync(ledger, join(kept, "ledger"), { recursive: true });
  cpSync(SECRETS, join(kept, "secrets"), { recursive: true });
  return () => {
    for (const [from, to] of [
      ["ledger", ledger],
      ["secrets", SECRETS],
    ] as const) {
      rmSync(to, { recursive: true });
      cpSync(join(kept, from), to, { recursive: true });
    }
  };
}

describe("heads at the DRC", () => {
  it("are copied when the ledger is found whole, each once, and are never written over", async () => {
    await add("satu");
    expect(await verify()).toMatchObject({ code: 0, ids: [], said: { drc: { heads: 1 } } });
    expect(await verify()).toMatchObject({ code: 0, said: { drc: { heads: 1 } } });
    await add("dua");
    expect(await verify()).toMatchObject({ code: 0, ids: [], said: { drc: { heads: 2 } } });
    const [first, second] = await heads.list();
    expect([first!.sequence, second!.sequence]).toEqual([1, 2]);
    const text = await heads.read(second!);
    expect(text).toBe(readFileSync(join(ledger, "heads", second!.writer), "utf8"));
    const forged = text.replace("BEGIN SSH SIGNATURE-----\n", "BEGIN SSH SIGNATURE-----\nAAAA");
    expect(headName(forged)).toBe(second!.name);
    expect(await heads.add(forged)).toBe(false);
    expect(await heads.read(second!)).toBe(text);
  });

  it("show that the end of a ledger was cut off, though what is left is whole and signed", async () => {
    await add("satu");
    const back = photograph("cut");
    await add("dua");
    expect((await verify()).code).toBe(0);
    back();
    expect(await verify()).toMatchObject({ code: 1, ids: ["evidence-truncated"] });
  });

  it("show a ledger that was written anew with its own key, and one with another", async () => {
    await add("satu");
    const back = photograph("anew");
    await add("dua");
    expect((await verify()).code).toBe(0);
    back();
    await add("lain");
    const anew = await verify();
    expect(anew).toMatchObject({ code: 1, ids: ["evidence-edited"] });
    // Nothing of it became a copy that vouches for it.
    expect(await heads.list()).toHaveLength(1);

    for (const each of [ledger, SECRETS]) rmSync(each, { recursive: true });
    await add("satu");
    const other = await verify();
    expect(other.code).toBe(1);
    expect(other.ids).toEqual(["evidence-head-missing", "evidence-truncated"]);
    expect(readdirSync(join(ledger, "heads"))).not.toContain((await heads.list())[0]!.writer);
  });

  it("that cannot be reached are said, and nothing fails for it", async () => {
    await add("satu");
    const away = await verify({ DOCKER_HOST: `unix://${folder}/no.sock` });
    expect(away).toMatchObject({ code: 0, ids: ["evidence-drc-unreached"] });
    expect(away.said.drc).toBeUndefined();
  });
});
