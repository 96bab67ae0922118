import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";

import { marked, type Token, type Tokens } from "marked";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { RequestLab, vpsFile } from "./pull-request-lab.ts";

interface Answer {
  readonly ok: boolean;
  readonly markdown: string;
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly at?: { readonly file: string; readonly line: number };
  }[];
  readonly requests: readonly { readonly name: string; readonly kind: string }[];
  readonly approvals: readonly {
    readonly agency: string;
    readonly accounts: readonly string[];
    readonly reasons: readonly { readonly file: string; readonly because: string }[];
  }[];
  readonly difference?: {
    readonly appears: readonly { readonly role: string; readonly name: string }[];
    readonly vanishes: readonly object[];
    readonly namesAppear: readonly { readonly name: string }[];
    readonly moved: readonly object[];
    readonly allocated: readonly { readonly key: string }[];
  };
}

const VPS = "inventory/uji/vps";

let lab: RequestLab;
beforeEach(() => {
  lab = new RequestLab();
  onTestFinished(() => lab[Symbol.dispose]());
});

async function ask(head: string, expected: 0 | 1 = 0): Promise<Answer> {
  const { code, stdout, stderr } = await lab.simpul(
    "pr",
    "--base",
    "main",
    "--head",
    head,
    "--json",
  );
  expect(stderr).toBe("");
  expect(code, stdout).toBe(expected);
  return JSON.parse(stdout) as Answer;
}

const ids = ({ findings }: Answer): readonly string[] => findings.map(({ id }) => id);
const who = ({ approvals }: Answer): readonly string[] => approvals.map(({ agency }) => agency);

describe("simpul pr", { timeout: 60_000 }, () => {
  it("tells of a new VPS what it asks for, gets and changes, and who agrees", async () => {
    lab.branch("minta", () =>
      lab.write(
        `${VPS}/lapor.yaml`,
        vpsFile("lapor", "dinas-pendidikan", {
          publish: "[{ name: lapor, port: 443, audience: internet }]",
        }),
      ),
    );
    const answer = await ask("minta");
    expect(ids(answer)).toEqual([]);
    expect(answer.requests).toMatchObject([{ name: "lapor", kind: "new" }]);
    const { appears, vanishes, namesAppear, moved, allocated } = answer.difference!;
    expect(appears).toEqual([{ role: "vps", name: "lapor", stack: "pusat-data" }]);
    expect([vanishes, moved]).toEqual([[], []]);
    expect(new Set(namesAppear.map(({ name }) => name))).toEqual(
      new Set(["lapor.dindikpora.intra.ujikab.go.id.", "lapor.dindikpora.ujikab.go.id."]),
    );
    expect(allocated.map(({ key }) => key)).toContain("service/lapor");
    expect(answer.approvals.map(({ agency, accounts }) => [agency, accounts])).toEqual([
      ["dinas-pendidikan", ["@dindik-tik"]],
      ["dinas-kominfo", ["@kominfo/jaringan"]],
    ]);
    const people = await lab.simpul("pr", "--base", "main", "--head", "minta");
    expect(people.stdout.trimEnd()).toBe(answer.markdown.trimEnd());
    expect(people.stdout).toMatch(/^<!-- simpul pr uji -->\n\n## ✅ Dapat digabung\n/);
    expect(people.stdout).toContain("| Pusat Data, memori | 768MiB | 1280MiB | 32GiB | 30.7GiB |");
  });

  it("leaves checkout, index, references and objects alone, and no folder behind", async () => {
    lab.branch("minta", () => lab.write(`${VPS}/lapor.yaml`, vpsFile("lapor", "dinas-pendidikan")));
    lab.write("inventory/uji/vps/draf.yaml", "belum selesai");
    const looks = (): readonly string[] => [
      lab.git("status", "--porcelain=v2", "--branch"),
      lab.git("for-each-ref"),
      lab.git("count-objects", "-v"),
    ];
    const before = looks();
    const folders = (): readonly string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith("simpul-pr-"));
    const others = folders();
    await ask("minta");
    expect(looks()).toEqual(before);
    expect(folders().filter((name) => !others.includes(name))).toEqual([]);
  });

  it("takes what main got meanwhile for nobody's change", async () => {
    lab.branch("minta", () => lab.write(`${VPS}/lapor.yaml`, vpsFile("lapor", "dinas-pendidikan")));
    lab.write(`${VPS}/lain.yaml`, vpsFile("lain", "dinas-kesehatan"));
    lab.commit("meanwhile");
    const answer = await ask("minta");
    expect(answer.requests.map(({ name }) => name)).toEqual(["lapor"]);
    expect(answer.difference!.vanishes).toEqual([]);
  });

  it("gives file, line and remedy of what is wrong, and exit code 1", async () => {
    lab.branch("salah", () =>
      lab.write(`${VPS}/lapor.yaml`, vpsFile("lapor", "dinas-pendidikan", { memory: "2" })),
    );
    const answer = await ask("salah", 1);
    expect(answer.findings).toMatchObject([
      { id: "size-without-unit", at: { file: "vps/lapor.yaml", line: 6 } },
    ]);
    expect(answer.markdown).toContain("inventory/uji/vps/lapor.yaml:6:9 error size-without-unit");
  });

  it("tells who asks too much of a quota, and not who had it before", async () => {
    lab.write(
      "inventory/uji/kabupaten.yaml",
      (text) => `${text}quota: { each: { memory: 1GiB } }\n`,
    );
    expect((await lab.simpul("ip", "lock")).code).toBe(0);
    lab.commit("a quota");
    lab.branch("lebih", () =>
      lab.write(`${VPS}/aaa.yaml`, vpsFile("aaa", "dinas-pendidikan", { memory: "768MiB" })),
    );
    const answer = await ask("lebih", 1);
    expect(answer.findings).toMatchObject([{ id: "quota-exceeded", at: { file: "vps/aaa.yaml" } }]);
    lab.branch("besarkan", () =>
      lab.write(`${VPS}/ppdb-online.yaml`, (text) => text.replace(/memory: \S+/, "memory: 1GiB")),
    );
    const { markdown } = await ask("besarkan");
    expect(markdown).toContain("| `dinas-pendidikan`, memori | 512MiB | 1GiB | 1GiB | 0 |");
  });

  it("warns that what is not committed is not in it", async () => {
    lab.write(`${VPS}/lapor.yaml`, vpsFile("lapor", "dinas-pendidikan"));
    const { stdout } = await lab.simpul("pr", "--base", "main", "--json");
    const answer = JSON.parse(stdout) as Answer;
    expect([ids(answer), answer.requests]).toEqual([["pr-uncommitted"], []]);
  });

  it("asks the Dinas too before a VPS ends", async () => {
    lab.branch("akhiri", () =>
      lab.write(`${VPS}/ppdb-online.yaml`, (text) => `${text}state: archived\n`),
    );
    expect(who(await ask("akhiri"))).toEqual(["dinas-pendidikan", "dinas-kominfo"]);
  });

  it("refuses what does not fit into the Pusat Data any more", async () => {
    lab.branch("besar", () =>
      lab.write(`${VPS}/besar.yaml`, vpsFile("besar", "dinas-pendidikan", { memory: "64GiB" })),
    );
    const answer = await ask("besar", 1);
    expect(answer.findings.filter(({ severity }) => severity === "error")).not.toEqual([]);
    expect(answer.markdown).toContain("Belum dapat digabung");
  });

  it("asks both owners and the Dinas where a VPS is to pass to another agency", async () => {
    lab.branch("rebut", () =>
      lab.write(`${VPS}/ppdb-online.yaml`, (text) =>
        text.replace("owner: dinas-pendidikan", "owner: dinas-kesehatan"),
      ),
    );
    const answer = await ask("rebut");
    expect(ids(answer)).toContain("pr-owner-changes");
    expect(who(answer)).toEqual(["dinas-kesehatan", "dinas-pendidikan", "dinas-kominfo"]);
  });

  it("sees through a takeover by another name", async () => {
    lab.branch("rebut", () => {
      lab.git("rm", "-q", `${VPS}/ppdb-online.yaml`);
      lab.write(
        `${VPS}/punyaku.yaml`,
        vpsFile("punyaku", "dinas-kesehatan", { was: "ppdb-online" }),
      );
    });
    const answer = await ask("rebut");
    expect(ids(answer)).toContain("pr-owner-changes");
    expect(who(answer)).toEqual(["dinas-kesehatan", "dinas-pendidikan", "dinas-kominfo"]);
  });

  it("asks the agency alone for its own VPS, and the Dinas for all else", async () => {
    lab.branch("ubah", () =>
      lab.write(`${VPS}/ppdb-online.yaml`, (text) => text.replace(/memory: \S+/, "memory: 1GiB")),
    );
    expect(who(await ask("ubah"))).toEqual(["dinas-pendidikan"]);
    lab.branch("akun", () =>
      lab.write("inventory/uji/perangkat-daerah/dinas-pendidikan.yaml", (text) =>
        text.replace("@dindik-tik", "@orang-lain"),
      ),
    );
    const [dinas, ...rest] = (await ask("akun")).approvals;
    expect([dinas, rest]).toMatchObject([{ agency: "dinas-kominfo" }, []]);
  });

  it("goes by the accounts of the target branch, whatever the change writes", async () => {
    lab.branch("sendiri", () => {
      lab.write("inventory/uji/perangkat-daerah/dinas-kominfo.yaml", (text) =>
        text.replace("@kominfo/jaringan", "@saya"),
      );
    });
    expect((await ask("sendiri")).approvals).toMatchObject([
      { agency: "dinas-kominfo", accounts: ["@kominfo/jaringan"] },
    ]);
  });

  it("says what clashes instead of guessing a merge", async () => {
    lab.branch("satu", () => lab.write(`${VPS}/lapor.yaml`, vpsFile("lapor", "dinas-pendidikan")));
    lab.write(`${VPS}/lapor.yaml`, vpsFile("lapor", "dinas-kesehatan"));
    lab.commit("two");
    const answer = await ask("satu", 1);
    expect(ids(answer)).toEqual(["pr-conflict"]);
    expect(answer.markdown).toContain("inventory/uji/vps/lapor.yaml was changed on both sides");
  });

  it("warns of a change that carries the lock", async () => {
    lab.branch("kunci", () => lab.write("inventory/uji/ip-plan.lock.yaml", "# kosong\n"));
    expect(ids(await ask("kunci"))).toContain("pr-carries-lock");
  });

  it("follows no link, and writes nothing outside for a hand-made tree", async () => {
    lab.branch("tautan", () => {
      const link = lab.gitWith("/etc/passwd", "hash-object", "-w", "--stdin");
      lab.git("update-index", "--add", "--cacheinfo", `120000,${link},${VPS}/tautan.yaml`);
      lab.git("commit", "-q", "-m", "link");
      lab.git("checkout", "-q", "--", ".");
    });
    expect(ids(await ask("tautan", 1))).toEqual(["pr-not-a-file"]);

    const blob = lab.gitWith("jahat", "hash-object", "-w", "--stdin");
    const tree = (entries: string): string => lab.gitWith(entries, "mktree");
    const kabupaten = lab.git("rev-parse", "main:inventory/uji");
    const up = tree(`100644 blob ${blob}\tsimpul-jahat\n`);
    const names = lab.git("ls-tree", kabupaten);
    const hostile = tree(`${names}\n040000 tree ${up}\t..\n`);
    const inventory = tree(`040000 tree ${hostile}\tuji\n`);
    const rest = lab
      .git("ls-tree", "main")
      .split("\n")
      .filter((line) => !line.endsWith("\tinventory"));
    const top = tree([...rest, `040000 tree ${inventory}\tinventory`, ""].join("\n"));
    const commit = lab.git("commit-tree", top, "-p", "main", "-m", "jahat");
    const answer = await ask(commit, 1);
    expect(answer.findings).toMatchObject([
      { id: "pr-not-a-file", at: { file: "../simpul-jahat" } },
    ]);
    expect(readdirSync(tmpdir())).not.toContain("simpul-jahat");
  });

  it("lets no text of the change become Markdown", async () => {
    const evil =
      '"@kominfo/jaringan <img src=x> [klik](http://evil.example) `x` | **y** https://evil.example"';
    const name = "inventory/uji/vps/`a` | <b> @semua [x](http://evil.example).txt";
    lab.branch("jahat", () => {
      lab.write(`${VPS}/lapor.yaml`, vpsFile("lapor", "dinas-pendidikan", { purpose: evil }));
      lab.write("catatan/@semua <img src=x> `b`.md", "x");
    });
    const { markdown } = await ask("jahat");
    expect(markedTypes(markdown)).not.toContain("link");
    lab.branch("jahat-lain", () => lab.write(name, evil));
    const refused = await ask("jahat-lain", 1);
    for (const type of ["link", "image"]) expect(markedTypes(refused.markdown)).not.toContain(type);
    for (const text of [markdown, refused.markdown])
      expect(htmlOf(text)).toEqual(["<!-- simpul pr uji -->"]);
  });

  it.each([
    ["a base that is none", ["--base", "tidak-ada"]],
    ["a base that looks like an option", ["--base=--output=/tmp/x"]],
    ["a head that is none", ["--base", "main", "--head", "tidak-ada"]],
  ])("refuses %s with exit code 2", async (_name, words) => {
    const { code, stdout } = await lab.simpul("pr", ...words);
    expect(code).toBe(2);
    expect(stdout).toContain("is no commit that git knows here");
  });
});

/** Types of all that a reader would be shown. */
function markedTypes(markdown: string): readonly string[] {
  return all(marked.lexer(markdown)).map(({ type }) => type);
}

function htmlOf(markdown: string): readonly string[] {
  const found = all(marked.lexer(markdown)).filter(({ type }) => type === "html");
  return found.map(({ raw }) => raw.trim());
}

function all(tokens: readonly Token[]): readonly Token[] {
  const rowsOf = ({ rows = [] }: Partial<Tokens.Table>): readonly Token[] =>
    rows.flatMap((row) => row.flatMap((cell) => cell.tokens));
  return tokens.flatMap((token) => [
    token,
    ...all((token as { readonly tokens?: readonly Token[] }).tokens ?? []),
    ...all((token as { readonly items?: readonly Token[] }).items ?? []),
    ...(token.type === "table" ? all(rowsOf(token as Tokens.Table)) : []),
  ]);
}
