import type { SchedulePlan } from "../plan/schedule-plan.ts";
import { commentText } from "./comment-text.ts";
import type { ConfigFile } from "./config-file.ts";
import { alertCalls, taskWords, type TaskMachine } from "./systemd.ts";

/** For machines without systemd: a table for crontab(1), and the script that it calls. */
export function crontabFiles(schedule: SchedulePlan, machine: TaskMachine): readonly ConfigFile[] {
  return [
    { path: "crontab", text: crontab(schedule) },
    { path: "simpul-task", text: taskScript(schedule, machine) },
  ];
}

/** Once an hour, from the task's hour on: whoever slept at that minute makes it up. The script knows what is done. */
function crontab(schedule: SchedulePlan): string {
  const lines = schedule.tasks.map((task) =>
    task.when === "boot"
      ? `@reboot /etc/simpul/simpul-task ${task.name}`
      : `${task.when.minute} * * * * /etc/simpul/simpul-task ${task.name}`,
  );
  return [
    `# Simpul, ${commentText(schedule.title)}: crontab FILE, as root; simpul-task belongs into /etc/simpul.`,
    "SHELL=/bin/sh",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ...lines,
    "",
  ].join("\n");
}

function taskScript(schedule: SchedulePlan, machine: TaskMachine): string {
  const cases = schedule.tasks.flatMap((task) => [
    `  ${task.name})`,
    ...(task.when === "boot" ? [] : [`    due ${task.when.hour} || exit 0`]),
    `    run ${task.mostSeconds} ${shellWords(taskWords(schedule, task, machine))} ;;`,
  ]);
  const alerts = alertCalls(schedule, TASK).map(
    (words) => `  ${shellWords(words).replaceAll(TASK, `'"$task"'`)} || true`,
  );
  return `#!/bin/sh
# Runs one task of Simpul: once a day, never twice at once, and tells of a failure.
set -eu
task=$1
state=/var/lib/simpul/schedule
mkdir -p "$state"
today=$(TZ=${schedule.timezone} date +%F)
stamp=$state/${schedule.kabupaten}-$task

# due HOUR: it is that hour in ${schedule.timezone} or later, and nothing was done today.
due() {
  [ "$(TZ=${schedule.timezone} date +%-H)" -ge "$1" ] && [ "$(cat "$stamp" 2>/dev/null)" != "$today" ]
}

tell() {
  echo "simpul: $task failed" >&2
${alerts.length === 0 ? "  :" : alerts.join("\n")}
}

# run SECONDS COMMAND...: whoever comes while it lasts goes away again.
run() {
  exec 9>>"$stamp.lock"
  flock --nonblock 9 || exit 0
  limit=$1
  shift
  status=0
  timeout "$limit" "$@" 9>&- || status=$?
  # Only now: a run that the machine did not survive is made up.
  echo "$today" >"$stamp"
  [ "$status" -eq 0 ] || { tell; exit 1; }
}

cd ${shellWord(machine.checkout)}
case $task in
${cases.join("\n")}
  *) echo "no task $task" >&2; exit 2 ;;
esac
`;
}

/** Stands for the task's name until words are quoted; `<` makes sure that they are. */
const TASK = "<task>";

function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

function shellWord(word: string): string {
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
