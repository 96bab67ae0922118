import type { SchedulePlan, ScheduledTask } from "../plan/schedule-plan.ts";
import { commentText } from "./comment-text.ts";
import type { ConfigFile } from "./config-file.ts";

/** The machine that runs the tasks. */
export interface TaskMachine {
  /** Absolute path of Simpul's checkout. */
  readonly checkout: string;
  /** Absolute path of the inventory folder. */
  readonly inventory: string;
}

/** A service for each task, a timer for each nightly one, and the service that tells of a failure. */
export function systemdUnits(schedule: SchedulePlan, machine: TaskMachine): readonly ConfigFile[] {
  const alert = alertUnit(schedule);
  return [
    ...schedule.tasks.flatMap((task) => [
      serviceUnit(schedule, task, machine, alert !== undefined),
      ...timerUnit(schedule, task),
    ]),
    ...(alert === undefined ? [] : [alert]),
  ];
}

/** The words of one run of a task. */
export function taskWords(
  { kabupaten }: SchedulePlan,
  { words }: ScheduledTask,
  { checkout, inventory }: TaskMachine,
): readonly string[] {
  const which = ["--kabupaten", kabupaten, "--inventory", inventory];
  return [`${checkout}/scripts/simpul`, ...words, ...which];
}

/** `simpul-temanggung-verify-backup` */
export function unitName({ kabupaten }: SchedulePlan, { name }: { readonly name: string }): string {
  return `simpul-${kabupaten}-${name}`;
}

/** What the alert posts, for one unit. */
export function alertBody({ kabupaten }: SchedulePlan, task: string): string {
  return JSON.stringify({ kabupaten, task, text: `simpul: ${task} failed` });
}

/** Words of the programs that tell of a failure. */
export function alertCalls(schedule: SchedulePlan, task: string): readonly (readonly string[])[] {
  const { webhook, command } = schedule.alerts;
  const curl = ["/usr/bin/curl", "--fail", "--silent", "--show-error", "--max-time", "30"];
  const post = ["--retry", "5", "--header", "Content-Type: application/json"];
  return [
    ...(webhook === undefined
      ? []
      : [[...curl, ...post, "--data", alertBody(schedule, task), "--url", webhook]]),
    ...(command === undefined ? [] : [[...command, task]]),
  ];
}

function serviceUnit(
  schedule: SchedulePlan,
  task: ScheduledTask,
  machine: TaskMachine,
  hasAlert: boolean,
): ConfigFile {
  const boot = task.when === "boot" ? ["", "[Install]", "WantedBy=multi-user.target"] : [];
  const text = [
    "[Unit]",
    `Description=Simpul, ${commentText(schedule.title)}: ${task.description}`,
    "Wants=network-online.target",
    "After=network-online.target docker.service",
    ...(hasAlert ? [`OnFailure=${unitName(schedule, { name: "alert" })}@%n.service`] : []),
    "",
    "[Service]",
    // While one run lasts, the timer starts no second one.
    "Type=oneshot",
    `WorkingDirectory=${path(machine.checkout)}`,
    `ExecStart=${systemdWords(taskWords(schedule, task, machine))}`,
    `TimeoutStartSec=${task.mostSeconds}`,
    "Nice=10",
    "IOSchedulingClass=best-effort",
    "IOSchedulingPriority=7",
    ...boot,
  ];
  return { path: `${unitName(schedule, task)}.service`, text: `${text.join("\n")}\n` };
}

function timerUnit(schedule: SchedulePlan, task: ScheduledTask): readonly ConfigFile[] {
  if (task.when === "boot") return [];
  const { hour, minute } = task.when;
  const clock = [hour, minute].map((part) => String(part).padStart(2, "0")).join(":");
  const text = [
    "[Unit]",
    `Description=Simpul, ${commentText(schedule.title)}: ${task.description}, each night`,
    "",
    "[Timer]",
    `OnCalendar=*-*-* ${clock}:00 ${schedule.timezone}`,
    // A night that the machine slept through is made up when it wakes.
    "Persistent=true",
    "AccuracySec=1min",
    "",
    "[Install]",
    "WantedBy=timers.target",
  ];
  return [{ path: `${unitName(schedule, task)}.timer`, text: `${text.join("\n")}\n` }];
}

function alertUnit(schedule: SchedulePlan): ConfigFile | undefined {
  // The unit that failed is only known when it does.
  const calls = alertCalls(schedule, INSTANCE);
  if (calls.length === 0) return undefined;
  const text = [
    "[Unit]",
    `Description=Simpul, ${commentText(schedule.title)}: tell that %i failed`,
    "Wants=network-online.target",
    "After=network-online.target",
    "",
    "[Service]",
    "Type=oneshot",
    // Each is tried, whatever came of the one before.
    ...calls.map((words) => `ExecStart=-${systemdWords(words).replaceAll(INSTANCE, "%i")}`),
    "TimeoutStartSec=300",
  ];
  return {
    path: `${unitName(schedule, { name: "alert" })}@.service`,
    text: `${text.join("\n")}\n`,
  };
}

/** Stands for the name of the unit until the text is quoted. */
const INSTANCE = "<unit>";

/** Words of a command in a unit file: quoted, without specifiers and variables (systemd.service(5)). */
export function systemdWords(words: readonly string[]): string {
  return words.map(systemdWord).join(" ");
}

function systemdWord(word: string): string {
  const plain = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  if (/^[A-Za-z0-9_/.:=@%+,-]+$/.test(plain)) return plain;
  return `"${plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** A setting that is one path takes no quotes; only specifiers are special in it. */
function path(text: string): string {
  return text.replaceAll("%", "%%");
}
