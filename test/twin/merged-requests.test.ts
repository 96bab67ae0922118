import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ROOT } from "../../stacks/prepare.ts";
import { SIMPUL, vpsFile } from "../scripts/pull-request-lab.ts";
import { stepOf } from "../workflows/workflow-files.ts";
import { buildKabupatenLab, KABUPATEN, type KabupatenLab } from "./kabupaten-lab.ts";

const REQUESTS = [
  { name: "lapor", owner: "dinas-pendidikan" },
  { name: "antrean", owner: "dinas-kesehatan" },
];

/** The inventory of the laboratory is the protected runner's checkout; the service is a bare repository beside it. */
let lab: KabupatenLab;
let folder: string;
let service: string;

beforeAll(async () => {
  lab = await buildKabupatenLab();
  folder = mkdtempSync(path.join(tmpdir(), "simpul-service-"));
  service = path.join(folder, "service.git");
  cpSync(path.join(ROOT, ".gitattributes"), path.join(lab.inventory, ".gitattributes"));
  git(lab.inventory, "init", "-q", "-b", "main");
  git(lab.inventory, "add", ".");
  git(lab.inventory, "commit", "-q", "-m", "begin");
  execFileSync("git", ["clone", "-q", "--bare", lab.inventory, service]);
  git(lab.inventory, "remote", "add", "origin", service);
  settle();
  const { exitCode, stdout } = await lab.simpul("deploy", "--yes");
  if (exitCode !== 0) throw new Error(stdout);
}, 600_000);
afterAll(async () => {
  await lab?.remove();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}, 300_000);

describe("two requests that were merged", { timeout: 600_000 }, () => {
  it("are planned, reviewed and applied as reviewed, and both answer by name", async () => {
    const before = git(service, "rev-parse", "main");
    for (const request of REQUESTS) ask(request);
    for (const request of REQUESTS) merge(request);
    settle(before);

    const reviewed = path.join(folder, "reviewed", "commit");
    const planned = shell(`bash workflows/steps/plan-for-review.sh ${reviewed}`);
    for (const { name } of REQUESTS) expect(planned).toContain(name);
    const apply = stepOf("simpul-deploy.yml", "Apply exactly what was reviewed");
    shell(apply, { REVIEWED: reviewed });

    // SSH greets each owner by the server's name from the owner's LAN, and nobody else.
    const verified = await lab.simpul("verify", "vps", "--json");
    expect(verified.exitCode, verified.stdout).toBe(0);
    for (const { name } of REQUESTS)
      expect((await lab.docker("inspect", `simpul-${KABUPATEN}-vps-${name}`)).exitCode).toBe(0);
    expect((await lab.simpul("plan", "--expect-no-changes")).exitCode).toBe(0);

    const again = await lab.simpul("deploy", "--plan", reviewed, "--yes", "--json");
    expect(again.exitCode).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ id: "reviewed-plan-stale" }),
      ]) as unknown,
    });
  });
});

/** One agency's clone, file and push. */
function ask({ name, owner }: (typeof REQUESTS)[number]): void {
  const own = path.join(folder, name);
  execFileSync("git", ["clone", "-q", service, own]);
  writeFileSync(path.join(own, KABUPATEN, `vps/${name}.yaml`), vpsFile(name, owner));
  git(own, "add", ".");
  git(own, "commit", "-q", "-m", `minta ${name}`);
  git(own, "push", "-q", "origin", `HEAD:refs/heads/minta-${name}`);
}

function merge({ name }: (typeof REQUESTS)[number]): void {
  const own = path.join(folder, `merge-${name}`);
  execFileSync("git", ["clone", "-q", service, own]);
  git(own, "merge", "-q", "--no-ff", "-m", `merge ${name}`, `origin/minta-${name}`);
  git(own, "push", "-q", "origin", "HEAD:main");
}

/** The merge job, on the runner's checkout. */
function settle(before = ""): void {
  const steps = path.join(ROOT, "workflows/steps/settle-main.sh");
  shell(`bash ${steps} main ${before}`, {}, lab.inventory);
}

/** Runs a step as the service's runner does; throws with what it said when it fails. */
function shell(text: string, more: Readonly<Record<string, string>> = {}, cwd = ROOT): string {
  return execFileSync("bash", ["-e", "-o", "pipefail", "-c", text], {
    cwd,
    env: {
      ...environment(),
      SIMPUL,
      SIMPUL_KABUPATEN: KABUPATEN,
      SIMPUL_INVENTORY: lab.inventory,
      ...more,
    },
    encoding: "utf8",
  });
}

function git(cwd: string, ...words: readonly string[]): string {
  return execFileSync("git", words, { cwd, env: environment(), encoding: "utf8" }).trim();
}

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "TIK",
    GIT_AUTHOR_EMAIL: "tik@ujikab.go.id",
    GIT_COMMITTER_NAME: "TIK",
    GIT_COMMITTER_EMAIL: "tik@ujikab.go.id",
  };
}
