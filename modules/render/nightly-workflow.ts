import type { NightlyTime, SchedulePlan, ScheduledTask } from "../plan/schedule-plan.ts";
import { commentText } from "./comment-text.ts";
import type { ConfigFile } from "./config-file.ts";

/** What Indonesia's time zones are ahead of UTC; none of them has a summer time. */
const HOURS_AHEAD = { "Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9 } as const;

type Nightly = ScheduledTask & { readonly when: NightlyTime };

/** Nightly tasks for a repository's own service, on the protected runner that holds states and secrets. */
export function nightlyWorkflows(schedule: SchedulePlan): readonly ConfigFile[] {
  const tasks = schedule.tasks.filter((task): task is Nightly => task.when !== "boot");
  return [
    { path: "simpul-nightly.yml", text: github(schedule, tasks) },
    { path: "simpul-nightly.gitlab-ci.yml", text: gitlab(schedule, tasks) },
  ];
}

/** GitHub's schedules go by UTC. */
function utcCron({ timezone }: SchedulePlan, { when }: Nightly): string {
  return `${when.minute} ${(when.hour - HOURS_AHEAD[timezone] + 24) % 24} * * *`;
}

function simpul({ kabupaten }: SchedulePlan, { words }: Nightly): string {
  return ["npx simpul", ...words, "--kabupaten", kabupaten].join(" ");
}

function github(schedule: SchedulePlan, tasks: readonly Nightly[]): string {
  return `# Each night, ${commentText(schedule.title)}: for .github/workflows. A run that fails is mailed by GitHub.
name: simpul nightly
on:
  schedule:
${tasks.map((task) => `    - cron: "${utcCron(schedule, task)}" # ${task.name}`).join("\n")}
  workflow_dispatch: {}
permissions:
  contents: read
jobs:
${tasks
  .map(
    (task) => `  ${task.name}:
    if: github.event_name == 'workflow_dispatch' || github.event.schedule == '${utcCron(schedule, task)}'
    runs-on: [self-hosted, simpul]
    timeout-minutes: ${Math.ceil(task.mostSeconds / 60)}
    concurrency:
      group: simpul-${task.name}
      cancel-in-progress: false
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
          # States and secrets stand in .simpul/, the ledger in evidence/, a repository with a remote of its own: a clean would remove both.
          clean: false
      - run: npm install --no-save --no-audit --no-fund
      - run: ${simpul(schedule, task)}
`,
  )
  .join("")}`;
}

function gitlab(schedule: SchedulePlan, tasks: readonly Nightly[]): string {
  return `# Each night, ${commentText(schedule.title)}: include it, and make one pipeline schedule for each job, in ${schedule.timezone}:
${tasks.map((task) => `#   SIMPUL_TASK=${task.name}: ${task.when.minute} ${task.when.hour} * * *`).join("\n")}
${tasks
  .map(
    (task) => `
simpul-${task.name}:
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_REF_PROTECTED == "true" && $SIMPUL_TASK == "${task.name}"
  tags: [simpul]
  resource_group: simpul-${task.name}
  timeout: ${Math.ceil(task.mostSeconds / 60)} minutes
  variables:
    GIT_CLEAN_FLAGS: -ffdx -e .simpul/ -e evidence/ -e node_modules/
  script:
    - npm install --no-save --no-audit --no-fund
    - ${simpul(schedule, task)}
`,
  )
  .join("")}`;
}
