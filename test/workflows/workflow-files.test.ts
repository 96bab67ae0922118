import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { describe, expect, it } from "vitest";

import { githubWorkflows, WORKFLOWS, type Step } from "./workflow-files.ts";

interface GitlabJob {
  readonly stage?: string;
  readonly rules?: readonly { readonly if: string; readonly when?: string }[];
  readonly tags?: readonly string[];
  readonly resource_group?: string;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
}

const github = githubWorkflows();
const gitlabText = readFileSync(join(WORKFLOWS, "gitlab/simpul.gitlab-ci.yml"), "utf8");
const gitlab = parse(gitlabText) as Readonly<Record<string, GitlabJob>>;
const steps: readonly (readonly [string, Step])[] = [...github].flatMap(([name, { jobs }]) =>
  Object.values(jobs).flatMap((job) => job.steps.map((step) => [name, step] as const)),
);
const scripts = readdirSync(join(WORKFLOWS, "steps"));
/** Every piece of shell, by where it stands. */
const shell: readonly (readonly [string, string])[] = [
  ...scripts.map((name) => [name, readFileSync(join(WORKFLOWS, "steps", name), "utf8")] as const),
  ...steps.flatMap(([name, { name: title, run }]) =>
    run === undefined
      ? []
      : [[`${name}: ${title ?? run}`, `#!/usr/bin/env bash\nset -e\n${run}`] as const],
  ),
  ...Object.entries(gitlab).flatMap(([name, { before_script: before = [], script = [] }]) =>
    script.length === 0
      ? []
      : [
          [
            `gitlab: ${name}`,
            ["#!/usr/bin/env bash", ...before, ...script, ""].join("\n"),
          ] as const,
        ],
  ),
];

describe("the workflows for GitHub", () => {
  it("check a change without a secret, and with a token that may only read", () => {
    const check = github.get("simpul-check.yml")!;
    expect(check.on).toEqual({ pull_request: null });
    expect(check.permissions).toEqual({ contents: "read" });
    expect(Object.values(check.jobs).every(({ permissions }) => permissions === undefined)).toBe(
      true,
    );
    for (const [name] of github)
      expect(readFileSync(join(WORKFLOWS, "github", name), "utf8")).not.toMatch(
        /secrets\.|pull_request_target|write-all/,
      );
  });

  it("run nothing of a change: only the target branch is checked out", () => {
    const refs = steps
      .filter(([, { uses }]) => uses?.startsWith("actions/checkout@") === true)
      .map(([name, step]) => [name, step.with?.["ref"]]);
    expect(refs).toEqual([
      ["simpul-check.yml", "${{ github.event.pull_request.base.ref }}"],
      ["simpul-comment.yml", "${{ github.event.repository.default_branch }}"],
      ["simpul-deploy.yml", undefined],
      ["simpul-deploy.yml", "${{ needs.lock.outputs.commit }}"],
      ["simpul-deploy.yml", "${{ needs.lock.outputs.commit }}"],
    ]);
  });

  it("put nothing that others write into a command, and take others' actions by their commit", () => {
    expect(steps.filter(([, { run }]) => run?.includes("${{") === true)).toEqual([]);
    const used = steps.flatMap(([, { uses }]) => (uses === undefined ? [] : [uses]));
    expect(used.filter((name) => !/^actions\/[\w-]+@[0-9a-f]{40}$/.test(name))).toEqual([]);
  });

  it("apply one at a time, after a person, only what was reviewed, and keep the states", () => {
    const { concurrency, jobs, permissions } = github.get("simpul-deploy.yml")!;
    expect(concurrency).toEqual({ group: "simpul-deploy", "cancel-in-progress": false });
    expect(permissions).toEqual({ contents: "read" });
    expect(jobs["apply"]).toMatchObject({ needs: ["lock", "plan"], environment: "simpul" });
    expect(jobs["apply"]!.steps.at(-1)!.run).toBe('npx simpul deploy --plan "$REVIEWED" --yes');
    for (const name of ["plan", "apply"]) {
      expect(jobs[name]!["runs-on"]).toEqual(["self-hosted", "simpul"]);
      expect(jobs[name]!.steps[0]!.with).toMatchObject({ clean: false });
    }
  });
});

describe("the pipeline for GitLab", () => {
  it("gives a merge request's own jobs no token of the project", () => {
    const { rules, before_script: before, script } = gitlab["simpul-check"]!;
    expect(rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
    expect(JSON.stringify([before, script])).not.toMatch(/SIMPUL_\w+_TOKEN/);
    const others = Object.entries(gitlab).filter(
      ([name, { rules: own }]) => name !== "simpul-check" && own !== undefined,
    );
    expect(others.map(([name]) => name)).toEqual([
      "simpul-note",
      "simpul-lock",
      "simpul-plan",
      "simpul-apply",
    ]);
    for (const [, { rules: own }] of others)
      expect(own!.every((rule) => rule.if.includes('$CI_COMMIT_REF_PROTECTED == "true"'))).toBe(
        true,
      );
  });

  it("applies one at a time, after a person, only what was reviewed", () => {
    const [plan, apply] = [gitlab["simpul-plan"]!, gitlab["simpul-apply"]!];
    expect([plan.resource_group, apply.resource_group]).toEqual(["simpul", "simpul"]);
    expect([plan.tags, apply.tags]).toEqual([["simpul"], ["simpul"]]);
    expect(apply.rules!.map(({ when }) => when)).toEqual(["manual"]);
    expect(apply.script!.at(-1)).toContain("simpul deploy --plan");
    expect(gitlabText).toContain("GIT_CLEAN_FLAGS: -ffdx -e .simpul/");
  });
});

describe("shell of the workflows", () => {
  it.each(shell)("%s is shell", (_name, text) => {
    expect(() =>
      execFileSync("bash", ["-n"], { input: text, stdio: ["pipe", "pipe", "pipe"] }),
    ).not.toThrow();
  });

  it("has no finding of shellcheck", () => {
    for (const [name, text] of shell) expect(findings(text), name).toBe("");
  });
});

function findings(text: string): string {
  try {
    return execFileSync("shellcheck", ["--shell=bash", "--format=gcc", "-"], {
      input: text,
      encoding: "utf8",
    });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}
