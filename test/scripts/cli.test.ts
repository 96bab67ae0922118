import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SIMPUL = join(ROOT, "scripts/simpul");
const FIXTURES = join(ROOT, "test/fixtures/inventory");
const UJI = ["--kabupaten", "uji", "--inventory", FIXTURES];

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the CLI from elsewhere, as a person would. */
function simpul(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  checkout = ROOT,
): Promise<Run> {
  const options = { cwd: tmpdir(), env: { ...process.env, ...environment } };
  return new Promise((resolve) => {
    const child = execFile(
      join(checkout, "scripts/simpul"),
      words,
      options,
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

interface ConfigPart {
  readonly path: string;
  readonly text: string;
}

describe("simpul --help", () => {
  const inventory = ["setup", "doctor", "check", "ip", "ip list", "ip lock", "pr", "codeowners"];
  const engine = [
    "diagram",
    "config",
    "diagram wan",
    "diagram lan",
    "diagram dns",
    "diagram rack",
    "plan",
    "deploy",
    "destroy",
    "verify",
    "verify all",
  ];
  const host = ["", " volume", " remove-volume", " limits", " secrets", " apply"];
  it.each([...inventory, ...engine, ...host.map((step) => `host${step}`)])(
    "shows an example of %s",
    async (command) => {
      const { code, stdout } = await simpul([...command.split(" "), "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain(`Example:\n  $ ${command === "setup" ? "sudo npx " : ""}simpul`);
    },
  );

  it("begins with where to begin, and each of those commands is there", async () => {
    const { stdout } = await simpul(["--help"]);
    const steps = [...stdout.matchAll(/^ {2}\$ (?:sudo )?npx simpul (\w+)/gm)].map(
      ([, name]) => name!,
    );
    expect(steps).toEqual(["init", "check", "setup", "deploy"]);
    for (const step of steps) expect(stdout).toMatch(new RegExp(`^  ${step} \\[options\\]`, "m"));
    expect((await simpul(["init", "--help"])).stdout).not.toContain("--kabupaten");
  });
});

describe("a good run", () => {
  it("writes a router for the platform that is asked for, as files and as one object", async () => {
    const folder = mkdtempSync(join(tmpdir(), "simpul-config-"));
    try {
      const words = ["config", "dinas-pendidikan", "--platform", "frr", ...UJI];
      const { stdout } = await simpul([...words, "--json"]);
      const { files } = JSON.parse(stdout) as { readonly files: readonly ConfigPart[] };
      expect(files.map((file) => file.path)).toEqual(["frr.conf", "nftables.conf"]);
      const { code } = await simpul([...words, "--port", "lan=br0", "--out", folder]);
      expect(code).toBe(0);
      expect(readFileSync(join(folder, "frr.conf"), "utf8")).toContain("\ninterface br0\n");
      const part = await simpul([...words, "--part", "nftables.conf"]);
      expect(part.stdout).toBe(files[1]!.text);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("says nothing on standard error, and lists every kind for v4 and v6", async () => {
    const { code, stdout, stderr } = await simpul(["ip", "list", "--json", ...UJI]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { command, kabupaten, ok, allocations } = JSON.parse(stdout) as {
      readonly command: string;
      readonly kabupaten: string;
      readonly ok: boolean;
      readonly allocations: readonly Record<string, string>[];
    };
    expect({ command, kabupaten, ok }).toEqual({ command: "ip list", kabupaten: "uji", ok: true });
    for (const kind of ["lan", "transit", "loopback", "tenant", "vps", "service"])
      for (const family of [".", ":"])
        expect(
          allocations.some((each) => each["kind"] === kind && textOf(each).includes(family)),
          `${kind} ${family}`,
        ).toBe(true);
    for (const each of allocations) {
      expect(Object.keys(each).slice(0, 3)).toEqual(["kind", "owner", "name"]);
      expect(textOf(each)).not.toBe("");
    }
  });

  it("takes a folder relative to where one stands, and the kabupaten from the environment", async () => {
    const words = ["check", "--inventory", join("..", FIXTURES)];
    expect(await simpul(words, { SIMPUL_KABUPATEN: "uji" })).toMatchObject({ code: 0, stderr: "" });
  });

  it("ends quietly when nobody reads to the end", async () => {
    const child = spawn(SIMPUL, ["ip", "list", ...UJI], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (data: Buffer) => (said += data.toString()));
    const [code] = (await once(child, "close")) as [number];
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });
});

describe("scripts/simpul", () => {
  it("notices at once that a source was changed, and keeps working where nothing can be kept", async () => {
    const checkout = mkdtempSync(join(tmpdir(), "simpul-checkout-"));
    try {
      for (const name of [
        "modules",
        "scripts",
        "stacks",
        "inventory",
        "cdktf.json",
        "package.json",
      ])
        cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
      symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
      const project = join(checkout, "scripts/project.ts");
      const says = async (): Promise<string> => (await simpul(["check"], {}, checkout)).stdout;
      const first = await says();
      expect(first).toContain(" POPs, ");
      expect(readdirSync(join(checkout, ".simpul/cache")).length).toBe(1);
      writeFileSync(project, readFileSync(project, "utf8").replace(" POPs`", " Titik Akses`"));
      expect(await says()).toBe(first.replace("POPs", "Titik Akses"));
      rmSync(join(checkout, ".simpul"), { recursive: true });
      writeFileSync(join(checkout, ".simpul"), "in the way");
      expect(await says()).toBe(first.replace("POPs", "Titik Akses"));
    } finally {
      rmSync(checkout, { recursive: true });
    }
  });
});

function textOf({ address, prefix }: Readonly<Record<string, string>>): string {
  return address ?? prefix ?? "";
}

describe("simpul diagram", () => {
  const noEngine = { DOCKER_HOST: "unix:///nonexistent" };

  it.each([["wan"], ["lan", "dinas-kesehatan"], ["dns"]])(
    "draws %s where no engine answers, the same bytes every time",
    async (...words) => {
      const [first, second] = [
        await simpul(["diagram", ...words, ...UJI], noEngine),
        await simpul(["diagram", ...words, ...UJI, "--no-live"]),
      ];
      expect(first.code).toBe(0);
      expect(first.stdout).toMatch(/^<\?xml[^]*<\/svg>\n$/);
      expect(second.stdout).toBe(first.stdout);
    },
  );

  it.each([
    ["dinas-kesehatn", "write dinas-kesehatan"],
    ["dinkes", "write dinas-kesehatan"],
    ["Dinas Kesehatan", "write dinas-kesehatan"],
    ["desa-parakan-wetn", "write desa-parakan-wetan"],
    ["desa-parakan-wetan", "write status: active in desa/parakan.yaml"],
    ["atlantis", "name it by its file in perangkat-daerah/"],
  ])("meets %s with: %s", async (name, fix) => {
    const { code, stdout } = await simpul(["diagram", "lan", name, ...UJI], noEngine);
    expect(code).toBe(2);
    expect(stdout).toContain(`fix: ${fix}`);
  });
});

describe("under --json a program reads one object,", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "simpul-cli-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [["frobnicate"], 2, "wrong-usage"],
    [["chekc"], 2, "wrong-usage"],
    [["ip"], 2, "wrong-usage"],
    [["check", "--kabupatan", "uji"], 2, "wrong-usage"],
    [["check", "extra"], 2, "wrong-usage"],
    [["check", "--kabupaten", "temangung"], 2, "kabupaten-not-found"],
    [["check", "--inventory", "/etc/passwd"], 2, "kabupaten-not-found"],
    [["check", "--inventory", "a".repeat(5000)], 2, "kabupaten-not-found"],
    [
      ["diagram", "wan", "--format", "dot", "--out", "/nowhere/a.dot", ...UJI],
      2,
      "file-not-written",
    ],
    [["diagram", "lan", "dinas-kesehatn", ...UJI], 2, "wrong-usage"],
    [["diagram", "lan", ...UJI], 2, "wrong-usage"],
    [["diagram", "rack", "rak-b", ...UJI], 2, "wrong-usage"],
    [["diagram", "rack", "rak-a", "--out", "/nowhere/a.svg", ...UJI], 2, "file-not-written"],
    [["diagram", "wan", "--live", ...UJI], 3, "engine-unreachable"],
    [["config", "dinas-pendidikn", ...UJI], 2, "wrong-usage"],
    [["config", "dinas-pendidikan", "--port", "lan=$(reboot)", ...UJI], 2, "wrong-usage"],
    [["config", "dinas-pendidikan", "--part", "frr.conf", ...UJI], 2, "wrong-usage"],
    [["config", "simrs", "--port", "lan=eno1", "--kabupaten", "temanggung"], 2, "wrong-usage"],
    [
      ["config", "simrs", "--port", "rsud=$(reboot)", "--kabupaten", "temanggung"],
      2,
      "wrong-usage",
    ],
    [["config", "dinas-pendidikan", "--out", "/dev/null/a", ...UJI], 2, "file-not-written"],
    [["verify", "wan", ...UJI], 3, "engine-unreachable"],
  ])("%s: exit code %i, %s", async (words, code, id) => {
    const environment = { DOCKER_HOST: "unix:///nonexistent" };
    const run = await simpul([...words, "--json"], environment);
    expect(run.code).toBe(code);
    expect(JSON.parse(run.stdout)).toMatchObject({
      command: expect.any(String) as string,
      kabupaten: expect.any(String) as string,
      ok: false,
      findings: [{ id, severity: "error" }],
    });
    expect(run.stderr).not.toContain(" at ");
  });

  it("doctor: with what is missing as findings", async () => {
    const { stdout } = await simpul(["doctor", "--json"]);
    const { kabupaten, ok, findings, checks } = JSON.parse(stdout) as {
      readonly kabupaten: string;
      readonly ok: boolean;
      readonly findings: readonly object[];
      readonly checks: readonly { readonly ok: boolean }[];
    };
    expect(kabupaten).toBe("temanggung");
    expect(ok).toBe(findings.length === 0);
    expect(findings.length).toBe(checks.filter((check) => !check.ok).length);
  });
});
