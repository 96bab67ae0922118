import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";

import type { PoolOptions, PoolRunnerInitializer, PoolWorker } from "vitest/node";

import { buildMachine, type Machine } from "./machine.ts";

/** Vitest's pool of processes, each on a machine of its own (ADR-0039). */
export function onMachines(): PoolRunnerInitializer {
  return { name: "machines", createPoolWorker: (options) => new MachineWorker(options) };
}

class MachineWorker implements PoolWorker {
  readonly name = "machines";
  private machine?: Machine;
  private process?: ChildProcess;

  constructor(private readonly options: PoolOptions) {}

  async start(): Promise<void> {
    this.machine = await buildMachine();
    const { distPath, execArgv, env, project } = this.options;
    const [program, ...words] = this.machine.enter;
    this.process = fork(path.join(distPath, "workers/forks.js"), [], {
      execPath: program!,
      execArgv: [...words, process.execPath, ...execArgv],
      env: { ...env, ...this.machine.environment },
      stdio: "pipe",
      serialization: "advanced",
      detached: true,
    });
    this.process.stdout?.pipe(project.vitest.logger.outputStream, { end: false });
    this.process.stderr?.pipe(project.vitest.logger.errorStream, { end: false });
  }

  async stop(): Promise<void> {
    // Cutting its power ends whatever still runs there.
    await this.machine?.remove();
  }

  on(event: string, callback: (argument: unknown) => void): void {
    this.process?.on(event, callback);
  }

  off(event: string, callback: (argument: unknown) => void): void {
    this.process?.off(event, callback);
  }

  send(message: object): void {
    this.process?.send(message);
  }

  deserialize(data: unknown): unknown {
    return data;
  }
}
