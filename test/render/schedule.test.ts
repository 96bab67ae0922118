import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { planSchedule, type SchedulePlan } from "../../modules/plan/schedule-plan.ts";
import type { ConfigFile } from "../../modules/render/config-file.ts";
import { crontabFiles } from "../../modules/render/crontab.ts";
import { nightlyWorkflows } from "../../modules/render/nightly-workflow.ts";
import { systemdUnits, systemdWords } from "../../modules/render/systemd.ts";
import { buildInventory } from "../plan/inventory-builder.ts";

const NASTY = `it's "100%" $HOME \`id\` \\ ; <b>`;

let folder: string;
let machine: { checkout: string; inventory: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simpul-schedule-"));
  machine = { checkout: join(folder, "simpul"), inventory: join(folder, "inventory of ours") };
  mkdirSync(join(machine.checkout, "scripts"), { recursive: true });
  program("simpul/scripts/simpul", "exit 0");
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

function schedule(alerts: SchedulePlan["alerts"] = {}): SchedulePlan {
  const { kabupaten } = buildInventory({ pops: 1, lans: [], vps: [] });
  return planSchedule({ ...kabupaten, title: "Uji\n[Service]\nExecStart=/bin/false", alerts });
}

function laid(files: readonly ConfigFile[]): readonly string[] {
  return files.map((file) => {
    const at = join(folder, file.path);
    writeFileSync(at, file.text);
    return at;
  });
}

const textOf = (files: readonly ConfigFile[], path: string) =>
  files.find((file) => file.path === path)!.text;

describe("a schedule", () => {
  it("has each nightly task at a minute of its own kabupaten", () => {
    const minutes = (name: string) =>
      planSchedule({ ...buildInventory({ pops: 1, lans: [], vps: [] }).kabupaten, name }).tasks.map(
        ({ when }) => (when === "boot" ? -1 : when.minute),
      );
    expect(minutes("banjar")).toEqual(minutes("banjar"));
    expect(minutes("banjar")).not.toEqual(minutes("sintang"));
  });
});

describe("units for systemd", () => {
  it("are units, by systemd's own word", () => {
    const alarm = program("alarm", "exit 0");
    const alerts = { webhook: "https://alarm.ujikab.go.id/a?b=%20&c=$d", command: [alarm, NASTY] };
    const files = systemdUnits(schedule(alerts), machine);
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", ...laid(files)], {
      encoding: "utf8",
      env: { ...process.env, SYSTEMD_LOG_LEVEL: "warning" },
    });
    expect({ status, stderr: ours(stderr) }).toEqual({ status: 0, stderr: "" });
    for (const file of files) expect(file.text.match(/^ExecStart=/gm)?.length ?? 0).toBeLessThan(3);
    expect(files.every(({ text }) => !/^ExecStart=\/bin\/false/m.test(text))).toBe(true);
  });

  it("make up for a missed night, run once at a time, and tell of a failure", () => {
    const files = systemdUnits(schedule({ webhook: "https://alarm.ujikab.go.id/" }), machine);
    expect(textOf(files, "simpul-uji-verify-all.timer")).toContain("\nPersistent=true\n");
    const service = textOf(files, "simpul-uji-verify-all.service");
    expect(service).toContain("\nOnFailure=simpul-uji-alert@%n.service\n");
    expect(service).toContain("\nType=oneshot\n");
    expect(textOf(files, "simpul-uji-host.service")).toContain("WantedBy=multi-user.target");
    expect(files.map(({ path }) => path)).not.toContain("simpul-uji-host.timer");
    expect(systemdUnits(schedule(), machine).some(({ path }) => path.includes("alert"))).toBe(
      false,
    );
  });

  it("begin when the kabupaten's clock says so", () => {
    const timer = textOf(systemdUnits(schedule(), machine), "simpul-uji-verify-backup.timer");
    const [, calendar] = /^OnCalendar=(.*)$/m.exec(timer)!;
    const said = execFileSync("systemd-analyze", ["calendar", calendar!], { encoding: "utf8" });
    expect(said).toMatch(/\(in UTC\): \w+ \S+ 18:\d\d:00 UTC|Next elapse: \w+ \S+ 18:\d\d:00 UTC/);
  });

  it("hand words on as they are", () => {
    expect(systemdWords([NASTY])).toBe(String.raw`"it's \"100%%\" $$HOME ${"`id`"} \\ ; <b>"`);
  });
});

/** Not what systemd says of units of this machine. */
function ours(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => line.includes(folder) || line.includes("simpul-uji"))
    .join("\n");
}

describe("a crontab", () => {
  it("is one, by cron's own word, and its script shell", () => {
    const [table, script] = laid(
      crontabFiles(schedule({ command: ["/bin/alarm", "two words"] }), machine),
    );
    const judged = [
      spawnSync("crontab", ["-n", table!]),
      spawnSync("sh", ["-n", script!]),
      spawnSync("shellcheck", [script!]),
    ];
    expect(judged.map(({ status }) => status)).toEqual([0, 0, 0]);
  });

  it("runs a task once a day, never twice at once, and tells of a failure with words as they are", async () => {
    const log = join(folder, "log");
    program("simpul/scripts/simpul", `echo "$@" >>${log}; sleep 0.3; exit 1`);
    const alarm = program("alarm", `printf '%s\\n' "$@" >>${log}`);
    const plan = schedule({ command: [alarm, NASTY] });
    const script = textOf(crontabFiles(plan, machine), "simpul-task")
      .replaceAll("/var/lib/simpul/schedule", join(folder, "state"))
      .replace(/due \d+/g, "due 0");
    const file = join(folder, "task");
    writeFileSync(file, script);
    const run = () => spawnSync("sh", [file, "verify-all"], { encoding: "utf8" }).status;
    const first = run();
    expect([first, run()]).toEqual([1, 0]);
    expect(readFileSync(log, "utf8")).toBe(
      `verify all --kabupaten uji --inventory ${machine.inventory}\n${NASTY}\nverify-all\n`,
    );
    rmSync(join(folder, "state", "uji-verify-all"));
    const together = execFileSync(
      "sh",
      ["-c", `sh ${file} verify-all & sh ${file} verify-all; echo $?; wait $!; echo $?`],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    expect(together.trim().split("\n").toSorted()).toEqual(["0", "1"]);
    expect(readFileSync(log, "utf8").match(/^verify all/gm)).toHaveLength(2);
  });

  it("posts to a webhook what failed", async () => {
    const heard: string[] = [];
    const server: Server = createServer((request, response) => {
      request.on("data", (part: Buffer) => heard.push(part.toString()));
      request.on("end", () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      program("simpul/scripts/simpul", "exit 1");
      const { port } = server.address() as AddressInfo;
      const files = crontabFiles(
        schedule({ webhook: `http://127.0.0.1:${port}/a?b='c'` }),
        machine,
      );
      const file = join(folder, "task");
      writeFileSync(
        file,
        textOf(files, "simpul-task")
          .replaceAll("/var/lib/simpul/schedule", join(folder, "state"))
          .replace(/due \d+/g, "due 0"),
      );
      const { spawn } = await import("node:child_process");
      await new Promise((resolve) => spawn("sh", [file, "renew"]).once("close", resolve));
      expect(JSON.parse(heard.join(""))).toEqual({
        ...{ kabupaten: "uji", task: "renew", text: "simpul: renew failed" },
      });
    } finally {
      server.close();
    }
  });
});

describe("workflows", () => {
  it("are YAML that runs the same tasks, by UTC on GitHub", () => {
    const [github, gitlab] = nightlyWorkflows(schedule()).map(({ text }) => parse(text) as never);
    const { on, jobs } = github as unknown as {
      on: { schedule: { cron: string }[] };
      jobs: Record<string, { steps: { run?: string }[]; if: string }>;
    };
    expect(Object.keys(jobs)).toEqual([
      ...["verify-backup", "verify-all", "renew", "evidence-verify", "evidence-commit"],
    ]);
    expect(on.schedule.map(({ cron }) => cron.split(" ")[1])).toEqual(["18", "21", "20", "0", "1"]);
    expect(jobs["verify-all"]!.steps.at(-1)!.run).toBe("npx simpul verify all --kabupaten uji");
    expect(jobs["verify-all"]!.if).toContain(on.schedule[1]!.cron);
    expect(Object.keys(gitlab as unknown as object)).toContain("simpul-verify-backup");
  });

  it("commit the evidence when the night's work is done, as units and crontabs do", () => {
    const plan = schedule();
    const commit = `evidence commit --kabupaten uji`;
    const [github, gitlab] = nightlyWorkflows(plan).map(({ text }) => parse(text) as never);
    const { jobs } = github as unknown as { jobs: Record<string, { steps: { run?: string }[] }> };
    expect(jobs["evidence-commit"]!.steps.at(-1)!.run).toBe(`npx simpul ${commit}`);
    const jobsOfGitlab = gitlab as unknown as Record<
      string,
      { script: string[]; variables: object }
    >;
    const job = jobsOfGitlab["simpul-evidence-commit"]!;
    expect(job.script.at(-1)).toBe(`npx simpul ${commit}`);
    expect(JSON.stringify(job.variables)).toContain("-e evidence/");
    const service = textOf(systemdUnits(plan, machine), "simpul-uji-evidence-commit.service");
    expect(service).toMatch(new RegExp(`^ExecStart=\\S+/scripts/simpul ${commit} `, "m"));
    const script = textOf(crontabFiles(plan, machine), "simpul-task");
    expect(script).toMatch(
      new RegExp(`^  evidence-commit\\)\n    due 8 .*\n    run 3600 \\S+ ${commit} `, "m"),
    );
    const nightly = plan.tasks.flatMap(({ name, when }) =>
      when === "boot" ? [] : [{ name, hour: when.hour }],
    );
    const last = nightly.toSorted((a, b) => a.hour - b.hour).at(-1)!;
    expect(last.name).toBe("evidence-commit");
  });
});
