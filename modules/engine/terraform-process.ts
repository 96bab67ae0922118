import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import type { Diagnostic } from "../core/diagnostic.ts";

/** A terraform or tofu that works, and the environment it runs in. */
export interface Terraform {
  readonly binary: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface TerraformAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TerraformRun {
  readonly directory: string;
  readonly arguments: readonly string[];
  /** Each line of standard output as it comes; stdout of the answer is then empty. */
  readonly onLine?: (line: string) => void;
  /** Asks terraform once to stop gracefully: it ends what it has begun and writes its state. */
  readonly interrupt?: AbortSignal | undefined;
}

/**
 * Runs terraform and waits until it has really ended, interrupted or not.
 *
 * It gets a session of its own: a Ctrl-C on a terminal goes to every process there, and terraform takes a second one
 * (ours) as "stop at once", which loses what it has just created.
 */
export function runTerraform(terraform: Terraform, run: TerraformRun): Promise<TerraformAnswer> {
  return new Promise((resolve) => {
    const child = spawn(terraform.binary, run.arguments, {
      cwd: run.directory,
      env: terraform.environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    if (run.onLine) createInterface({ input: child.stdout }).on("line", run.onLine);
    else child.stdout.on("data", (part: Buffer) => stdout.push(part));
    child.stderr.on("data", (part: Buffer) => stderr.push(part));

    const stop = (): void => void child.kill("SIGINT");
    if (run.interrupt?.aborted) stop();
    run.interrupt?.addEventListener("abort", stop, { once: true });

    const end = (code: number, said: string): void => {
      run.interrupt?.removeEventListener("abort", stop);
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: said });
    };
    child.on("error", (error) => end(127, error.message));
    child.on("close", (code) => end(code ?? 128, Buffer.concat(stderr).toString()));
  });
}

/** The binary that TERRAFORM_BINARY_NAME names, else terraform, else tofu; the diagnostic says which step brings one. */
export async function findTerraform(
  environment: Readonly<Record<string, string>>,
): Promise<Terraform | Diagnostic> {
  const named = environment["TERRAFORM_BINARY_NAME"];
  const candidates = named === undefined ? ["terraform", "tofu"] : [named];
  for (const binary of candidates) {
    const terraform = { binary, environment };
    const answer = await runTerraform(terraform, {
      directory: "/",
      arguments: ["version", "-json"],
    });
    if (answer.code === 0) return terraform;
  }
  return {
    id: "terraform-missing",
    severity: "error",
    what: `${candidates.join(" and ")} cannot be run`,
    why: "stacks are deployed by terraform or tofu",
    fix: "run scripts/setup.sh (step terraform)",
  };
}
