import { stableHash } from "../core/stable-hash.ts";
import type { Kabupaten } from "../inventory/model.ts";
import type { Alerts } from "../inventory/trust-model.ts";

/** What a machine does for a kabupaten without being told to, each night and when it starts. */
export interface SchedulePlan {
  readonly kabupaten: string;
  readonly title: string;
  readonly timezone: Kabupaten["timezone"];
  readonly tasks: readonly ScheduledTask[];
  readonly alerts: Alerts;
}

export interface ScheduledTask {
  /** `verify-backup`. */
  readonly name: string;
  /** For people. */
  readonly description: string;
  /** Words after `simpul`. */
  readonly words: readonly string[];
  readonly when: NightlyTime | "boot";
  /** It is ended after so long, as a failure. */
  readonly mostSeconds: number;
}

/** In the kabupaten's own time zone. */
export interface NightlyTime {
  readonly hour: number;
  readonly minute: number;
}

const HOUR = 3600;

/** Backups first, then all the rest; certificates when nobody is awake to notice the reload. */
const TASKS = [
  {
    name: "verify-backup",
    description: "restore backups and compare them",
    words: ["verify", "backup"],
    ...{ hour: 1, mostSeconds: 3 * HOUR },
  },
  {
    name: "verify-all",
    description: "compare all that runs with the plan",
    words: ["verify", "all"],
    ...{ hour: 4, mostSeconds: 3 * HOUR },
  },
  {
    name: "renew",
    description: "renew certificates whose time has come",
    words: ["renew", "--yes"],
    ...{ hour: 3, mostSeconds: HOUR },
  },
  {
    name: "evidence-verify",
    description: "see that nobody changed the evidence",
    words: ["evidence", "verify"],
    ...{ hour: 7, mostSeconds: HOUR },
  },
  {
    name: "evidence-commit",
    description: "commit the night's evidence, and push it where there is a remote",
    words: ["evidence", "commit"],
    ...{ hour: 8, mostSeconds: HOUR },
  },
] as const;

/** The minute follows from the name, so that two kabupaten on one machine do not begin together. */
export function planSchedule({ name, title, timezone, alerts }: Kabupaten): SchedulePlan {
  return {
    kabupaten: name,
    title,
    timezone,
    alerts,
    tasks: [
      ...TASKS.map(({ hour, ...task }) => ({
        ...task,
        when: { hour, minute: stableHash(`${name}/${task.name}`) % 60 },
      })),
      {
        name: "host",
        description: "bring the engine's host to what the plan says, after a start",
        words: ["host", "apply", "--yes"],
        when: "boot",
        mostSeconds: HOUR,
      },
    ],
  };
}
