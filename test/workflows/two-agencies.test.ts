import { execFile, execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { RequestLab, runSimpul, SIMPUL, vpsFile } from "../scripts/pull-request-lab.ts";
import { stepOf, WORKFLOWS } from "./workflow-files.ts";

/** What the service keeps: a bare repository, reached by nothing but git. */
let service: string;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simpul-service-"));
  service = join(folder, "service.git");
  using seed = new RequestLab();
  cpSync(join(WORKFLOWS, "steps"), seed.path("workflows/steps"), { recursive: true });
  seed.write(".gitignore", "node_modules\ncomment.md\n");
  seed.commit("the steps of the workflows");
  execFileSync("git", ["clone", "-q", "--bare", seed.directory, service]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("two agencies that ask at the same time", { timeout: 180_000 }, () => {
  it.each([
    ["the first before the second", [1, 2]],
    ["the second before the first", [2, 1]],
  ])("are both served, %s, and nobody edits a lock", async (_name, order) => {
    settledAtFirst();
    request(1, "lapor", "dinas-pendidikan");
    request(2, "antrean", "dinas-kesehatan");
    for (const number of [1, 2]) {
      const { code, output } = await check(number);
      expect(code, output).toBe(0);
      expect(output).toContain("✅ Dapat digabung");
    }
    for (const number of order) {
      // What was merged before it is in main by now.
      expect((await check(number)).code).toBe(0);
      const before = git("rev-parse", "main");
      merge(number);
      expect((await settle("main", before)).code).toBe(0);
    }
    await servedBoth();
    // The lock and CODEOWNERS came from the merge job alone.
    for (const name of ["lapor", "antrean"])
      expect(
        git("log", "--format=%an", "--no-merges", "main", "--", `inventory/uji/vps/${name}.yaml`),
      ).toBe("TIK");
    expect(
      new Set(
        git("log", "--format=%an", "main", "--", "inventory/uji/ip-plan.lock.yaml").split("\n"),
      ),
    ).toEqual(new Set(["simpul"]));
  });

  it("are served by one run of the merge job for both merges", async () => {
    const before = settledAtFirst();
    request(1, "lapor", "dinas-pendidikan");
    request(2, "antrean", "dinas-kesehatan");
    merge(1);
    merge(2);
    expect((await settle("main", before)).code).toBe(0);
    await servedBoth();
  });

  it("are served when the second merge comes in between the first's merge job and its push", async () => {
    const before = settledAtFirst();
    request(1, "lapor", "dinas-pendidikan");
    request(2, "antrean", "dinas-kesehatan");
    merge(1);
    const runner = clone("slow");
    // git itself calls this before it pushes: here somebody else's merge is pushed first, once.
    const hook = join(runner, ".git/hooks/pre-push");
    const other = clone("other");
    writeFileSync(
      hook,
      `#!/bin/sh\nset -e\nrm "$0"\ncd ${other}\nunset GIT_DIR\ngit fetch -q origin refs/pull/2/head\ngit merge -q --no-ff -m merge FETCH_HEAD\ngit push -q origin HEAD:main\n`,
    );
    chmodSync(hook, 0o755);
    const { code, output } = await step("Pin what was merged", "simpul-deploy.yml", runner, {
      BEFORE: before,
      GITHUB_REF_NAME: "main",
    });
    expect(code, output).toBe(0);
    expect(output).toMatch(/settled as [0-9a-f]{40}/);
    await servedBoth();
  });

  it("are told apart where both want one name", async () => {
    settledAtFirst();
    request(1, "lapor", "dinas-pendidikan");
    request(2, "lapor", "dinas-kesehatan");
    expect((await check(2)).code).toBe(0);
    merge(1);
    const { code, output } = await check(2);
    expect(code).toBe(1);
    expect(output).toContain("pr-conflict");
  });
});

/** Main as it is before anybody asks: everything pinned. Gives its commit. */
function settledAtFirst(): string {
  const runner = clone("first");
  runSettle(runner);
  return git("rev-parse", "main");
}

function runSettle(runner: string): void {
  execFileSync("bash", ["-c", stepOf("simpul-deploy.yml", "Pin what was merged")], {
    cwd: runner,
    env: { ...environment(runner), BEFORE: "", GITHUB_REF_NAME: "main" },
    stdio: "ignore",
  });
}

function settle(branch: string, before: string): Promise<Ended> {
  return step("Pin what was merged", "simpul-deploy.yml", clone("settle"), {
    BEFORE: before,
    GITHUB_REF_NAME: branch,
  });
}

/** An agency's clone: one file, one commit, one push; the service gives it a number. */
function request(number: number, name: string, owner: string): void {
  const own = clone(`agency-${number}`);
  writeFileSync(join(own, `inventory/uji/vps/${name}.yaml`), vpsFile(name, owner));
  const run = (...words: readonly string[]): string =>
    execFileSync("git", words, {
      cwd: own,
      env: { ...environment(own), ...TIK },
      encoding: "utf8",
    });
  run("checkout", "-q", "-b", `minta-${name}`);
  run("add", ".");
  run("commit", "-q", "-m", `minta ${name}`);
  expect(run("diff", "--name-only", "HEAD^", "HEAD").trim()).toBe(`inventory/uji/vps/${name}.yaml`);
  run("push", "-q", "origin", `HEAD:refs/pull/${number}/head`);
}

/** The check's own steps, on the target branch's checkout. */
async function check(number: number): Promise<Ended> {
  const runner = clone(`check-${number}`);
  const fetched = await step("The change, as data", "simpul-check.yml", runner, {
    NUMBER: String(number),
    REPOSITORY: service,
    TOKEN: "none",
  });
  expect(fetched.code, fetched.output).toBe(0);
  return step("Check", "simpul-check.yml", runner, {
    GITHUB_STEP_SUMMARY: join(runner, "comment.md"),
  });
}

/** What the service does when a person presses the button. */
function merge(number: number): void {
  const own = clone("merge");
  const run = (...words: readonly string[]): string =>
    execFileSync("git", words, {
      cwd: own,
      env: { ...environment(own), ...TIK },
      encoding: "utf8",
    });
  run("fetch", "-q", "origin", `refs/pull/${number}/head`);
  run("merge", "-q", "--no-ff", "-m", `merge ${number}`, "FETCH_HEAD");
  run("push", "-q", "origin", "HEAD:main");
}

async function servedBoth(): Promise<void> {
  const own = clone("end");
  const inventory = join(own, "inventory");
  const { code, stdout } = await runSimpul(inventory, ["check", "--json"]);
  expect(code, stdout).toBe(0);
  const { findings } = JSON.parse(stdout) as {
    readonly findings: readonly { readonly id: string }[];
  };
  expect(findings.filter(({ id }) => ["not-in-lock", "codeowners-stale"].includes(id))).toEqual([]);
  const lock = readFileSync(join(inventory, "uji/ip-plan.lock.yaml"), "utf8");
  const addresses = ["lapor", "antrean"].map(
    (name) => new RegExp(`^service/${name}: (\\S+) (\\S+)$`, "m").exec(lock)?.[1],
  );
  expect(new Set(addresses).size).toBe(2);
  expect(addresses).not.toContain(undefined);
  const owners = readFileSync(join(own, "CODEOWNERS"), "utf8");
  expect(owners).toContain("/inventory/uji/vps/lapor.yaml @dindik-tik\n");
  expect(owners).toMatch(/^\* @kominfo\/jaringan$/m);
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a step's shell as the service does: `bash -e` in the checkout. */
function step(
  name: string,
  workflow: string,
  runner: string,
  more: Readonly<Record<string, string>>,
): Promise<Ended> {
  const env = { ...environment(runner), GITHUB_OUTPUT: join(runner, "comment.md"), ...more };
  return new Promise((resolve) => {
    const child = execFile(
      "bash",
      ["-e", "-c", stepOf(workflow, name)],
      { cwd: runner, env },
      (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
    );
  });
}

const TIK = {
  GIT_AUTHOR_NAME: "TIK",
  GIT_AUTHOR_EMAIL: "tik@ujikab.go.id",
  GIT_COMMITTER_NAME: "TIK",
  GIT_COMMITTER_EMAIL: "tik@ujikab.go.id",
};

function environment(runner: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "simpul",
    GIT_AUTHOR_EMAIL: "simpul@ujikab.go.id",
    GIT_COMMITTER_NAME: "simpul",
    GIT_COMMITTER_EMAIL: "simpul@ujikab.go.id",
    SIMPUL_KABUPATEN: "uji",
    SIMPUL_INVENTORY: join(runner, "inventory"),
    GITHUB_OUTPUT: join(runner, "comment.md"),
  };
}

let clones = 0;

/** A fresh clone of main, in which `npx simpul` is this checkout's. */
function clone(name: string): string {
  const own = join(folder, `${name}-${(clones += 1)}`);
  execFileSync("git", ["clone", "-q", service, own]);
  mkdirSync(join(own, "node_modules/.bin"), { recursive: true });
  symlinkSync(SIMPUL, join(own, "node_modules/.bin/simpul"));
  appendFileSync(join(own, "comment.md"), "");
  return own;
}

function git(...words: readonly string[]): string {
  return execFileSync("git", words, { cwd: service, encoding: "utf8" }).trim();
}
