import { execFile, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SIMPUL = join(ROOT, "scripts/simpul");
const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBIYz13iOt+dU+yObTc4ZTKnitbOOCimDbPYI9lsK/PI tik@dindikpora";
const TODAY = ["--today", "2026-11-23"];
const RAPOR = [
  ...["--name", "e-rapor", "--owner", "dinas-pendidikan", "--purpose", "Rapor: daring #1"],
  ...["--ssh-key", KEY, "--expires", "2027-06-30", ...TODAY],
];

let inventory: string;
beforeEach(() => {
  inventory = mkdtempSync(join(tmpdir(), "simpul-vps-new-"));
  cpSync(join(ROOT, "test/fixtures/inventory"), inventory, { recursive: true });
});
afterEach(() => rmSync(inventory, { recursive: true }));

const folder = (): string => join(inventory, "uji/vps");
const common = (): readonly string[] => ["--kabupaten", "uji", "--inventory", inventory];

function simpul(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(SIMPUL, [...words, ...common()], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

const FIXTURE = ["ppdb-online.yaml", "sik-puskesmas.yaml"];

describe("simpul vps new, by flags", () => {
  it("writes a file that check has nothing against, and says what it gets and what comes next", async () => {
    const said = await simpul("vps", "new", ...RAPOR, "--publish", "rapor:443:internet", "--json");
    expect([said.code, said.err]).toEqual([0, ""]);
    const offer = JSON.parse(said.out) as { address: { ipv4: string } };
    expect(offer).toMatchObject({
      command: "vps new",
      ok: true,
      written: true,
      hostname: "e-rapor.dindikpora.intra.ujikab.go.id",
      published: expect.arrayContaining(["rapor.dindikpora.ujikab.go.id"]) as unknown,
      next: expect.arrayContaining(["git switch -c vps-e-rapor"]) as unknown,
    });
    const check = await simpul("check", "--json", ...TODAY);
    expect(JSON.parse(check.out)).toMatchObject({ ok: true, findings: [{ id: "not-in-lock" }] });
    const list = await simpul("ip", "list", "e-rapor");
    expect(list.out).toContain(offer.address.ipv4);
    expect(readFileSync(join(folder(), "e-rapor.yaml"), "utf8")).toBe(
      `name: e-rapor
owner: dinas-pendidikan
purpose: "Rapor: daring #1"
classification: terbatas
cpu: 1
memory: 1GiB
disk: 10GiB
image: debian-12
ssh_keys:
  - ${KEY}
publish:
  - { name: rapor, port: 443, audience: internet }
backup: { every: 24h, paths: [/srv] }
drc: none
expires: 2027-06-30
`,
    );
  }, 60_000);

  it("never writes over a file", async () => {
    expect((await simpul("vps", "new", ...RAPOR)).code).toBe(0);
    const before = readFileSync(join(folder(), "e-rapor.yaml"), "utf8");
    const again = await simpul("vps", "new", ...RAPOR, "--cpu", "2");
    expect([again.code, again.out]).toEqual([2, expect.stringContaining("error vps-exists")]);
    expect(readFileSync(join(folder(), "e-rapor.yaml"), "utf8")).toBe(before);
  }, 60_000);

  it("takes the keys of a file", async () => {
    const file = join(inventory, "key.pub");
    writeFileSync(file, `# of the agency\n${KEY}\n`);
    expect((await simpul("vps", "new", ...RAPOR.toSpliced(7, 1, file))).code).toBe(0);
    expect(readFileSync(join(folder(), "e-rapor.yaml"), "utf8")).toContain(`  - ${KEY}\n`);
  }, 60_000);

  it.each([
    ["--name", "Ppdb Online", "name is Ppdb Online, not a slug", 2],
    ["--name", "../../etc", "not a slug", 2],
    ["--cpu", "1.3", "cpu is 1.3, not a number of processors", 2],
    ["--memory", "2", "memory is 2, a size without a unit", 2],
    ["--image", "windows", "image is windows, not one of", 2],
    ["--publish", "web:99999:internet", "publish[0].port is 99999", 2],
    ["--publish", "web:443", "publish[0].audience is missing", 2],
    ["--expires", "31/12/2027", "write it as 2027-12-31", 2],
    ["--ssh-key", "no-such-file", "no SSH key, and no file that can be read", 2],
    ["--ssh-key", "-----BEGIN OPENSSH PRIVATE KEY-----", "private key", 2],
    ["--purpose", "a ${file}", "template", 2],
    ["--owner", "dinas-pendidika", "write dinas-pendidikan", 1],
    ["--expires", "2026-11-01", "error expires-in-past", 1],
    ["--memory", "64GiB", "32GiB are promised (it has 32GiB)", 1],
  ])(
    "says what is wrong with %s %s, and writes nothing",
    async (flag, value, words, code) => {
      const position = RAPOR.indexOf(flag);
      const flags =
        position < 0 ? [...RAPOR, flag, value] : RAPOR.toSpliced(position + 1, 1, value);
      const said = await simpul("vps", "new", ...flags);
      expect([said.code, said.out]).toEqual([code, expect.stringContaining(words)]);
      expect(readdirSync(folder())).toEqual(FIXTURE);
    },
    60_000,
  );

  it("names every flag that is missing", async () => {
    const { code, out } = await simpul("vps", "new", "--json");
    const { findings, written } = JSON.parse(out) as {
      findings: readonly { what: string }[];
      written: boolean;
    };
    expect([code, written]).toEqual([2, false]);
    expect(findings.map(({ what }) => what)).toEqual(
      ["--name", "--owner", "--purpose", "--ssh-key", "--expires"].map(
        (flag) => `${flag} is missing`,
      ),
    );
  }, 60_000);
});

/** Types each answer when its question stands there; `script` gives the command a terminal. */
function atTerminal(answers: readonly (readonly [question: string, answer: string])[]) {
  const command = [SIMPUL, "vps", "new", ...common(), ...TODAY].join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let seen = 0;
  let next = 0;
  child.stdout.on("data", (data: Buffer) => {
    out += data.toString();
    const wanted = answers[next];
    if (wanted === undefined || !out.slice(seen).includes(wanted[0])) return;
    seen = out.length;
    next += 1;
    child.stdin.write(wanted[1]);
  });
  return new Promise<{ code: number; out: string; answered: number }>((resolve) =>
    child.on("close", (code) => resolve({ code: code ?? -1, out, answered: next })),
  );
}

describe("simpul vps new, at a terminal", () => {
  it("asks again for what is wrong, also for what the whole inventory refuses", async () => {
    const answers = [
      ["Name of", "E Rapor\r"],
      ["Name of", "e-rapor\r"],
      ["Agency", "dinas-pendidika\r"],
      ["What it", "Rapor\r"],
      ["Class", "\r"],
      ["Processors", "\r"],
      ["Memory", "64GiB\r"],
      ["Disk", "\r"],
      ["Image", "\r"],
      ["SSH key", `${KEY}\r`],
      ["Port", "rapor:443:intranet\r"],
      ["Standby", "\r"],
      ["Last day", "31/12/2027\r"],
      ["Last day", "2027-12-31\r"],
      ["Agency", "dinas-pendidikan\r"],
      ["Memory", "2GiB\r"],
      ["Write this", "\r"],
    ] as const;
    const { code, out, answered } = await atTerminal(answers);
    expect([code, answered]).toEqual([0, answers.length]);
    for (const words of ["write e-rapor", "write dinas-pendidikan", "32GiB are promised"])
      expect(out).toContain(words);
    const text = readFileSync(join(folder(), "e-rapor.yaml"), "utf8");
    expect(text).toMatch(/^owner: dinas-pendidikan$[^]*^memory: 2GiB$/m);
  }, 120_000);

  it.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])(
    "writes nothing when it is broken off with %s",
    async (_name, key) => {
      const { code, out } = await atTerminal([
        ["Name of", "e-rapor\r"],
        ["Agency", key],
      ]);
      expect([code, out]).toEqual([1, expect.stringContaining("Nothing was written.")]);
      expect(existsSync(join(folder(), "e-rapor.yaml"))).toBe(false);
      expect(readdirSync(folder())).toEqual(FIXTURE);
    },
    60_000,
  );
});
