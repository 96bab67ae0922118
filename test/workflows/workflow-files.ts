import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

export const WORKFLOWS = join(import.meta.dirname, "../../workflows");

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly "runs-on": string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly needs?: string | readonly string[];
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

export function githubWorkflows(): ReadonlyMap<string, Workflow> {
  const folder = join(WORKFLOWS, "github");
  return new Map(
    readdirSync(folder).map((name) => [
      name,
      parse(readFileSync(join(folder, name), "utf8")) as Workflow,
    ]),
  );
}

/** The shell of one step, as the service would run it. */
export function stepOf(workflow: string, name: string): string {
  const jobs = Object.values(githubWorkflows().get(workflow)!.jobs);
  const step = jobs.flatMap(({ steps }) => steps).find((one) => one.name === name);
  if (step?.run === undefined) throw new Error(`${workflow} has no step ${name} with a command`);
  return step.run;
}
