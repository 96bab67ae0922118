import { rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { localEngine, type Engine } from "../../modules/engine/docker-engine.ts";
import { LOCAL } from "../../stacks/prepare.ts";
import {
  buildKabupatenLab,
  KABUPATEN,
  type KabupatenLab,
  type Running,
  type Said,
} from "../twin/kabupaten-lab.ts";
import { restartEngine } from "./engine.ts";

/** Thrown where a campaign would go on after somebody wanted it to end. */
export class Interrupted extends Error {}

/** The kabupaten of the tests, deployed by the CLI and about to be mistreated. */
export class ProveLab {
  readonly engine: Engine = localEngine(process.env);
  /** Where its states are. */
  readonly states = path.join(LOCAL, "state", KABUPATEN);

  #removed: Promise<void> | undefined;

  private constructor(
    readonly kabupaten: KabupatenLab,
    private readonly interrupt: AbortSignal,
  ) {}

  static async create(interrupt: AbortSignal): Promise<ProveLab> {
    return new ProveLab(await buildKabupatenLab(), interrupt);
  }

  /** Runs the CLI to its end. */
  simpul(...args: readonly string[]): Promise<Said> {
    return this.start(...args).ended;
  }

  /** @throws {Interrupted} */
  start(...args: readonly string[]): Running {
    this.check();
    return this.kabupaten.start(...args);
  }

  /** The command that every campaign repeats until it has finished. */
  deploy(): Promise<Said> {
    return this.simpul(...DEPLOY);
  }

  /** Standard output of docker. */
  async docker(...args: readonly string[]): Promise<string> {
    this.check();
    const { exitCode, stdout, stderr } = await this.kabupaten.docker(...args);
    if (exitCode !== 0) throw new Error(`docker ${args.slice(0, 2).join(" ")}: ${stderr.trim()}`);
    return stdout;
  }

  /** Deploys what must succeed, so that there is something to mistreat. */
  async up(): Promise<void> {
    const { exitCode, stdout, stderr } = await this.deploy();
    if (exitCode !== 0) throw new Error(`a plain deploy fails: ${lastLines(stdout + stderr)}`);
  }

  /** Everything goes, and what was known about it: the next deploy begins from nothing. */
  async fromNothing(): Promise<void> {
    const first = await this.simpul("destroy", "--yes");
    const asksForRestart = /engine holds on .* restart it/.test(first.stdout + first.stderr);
    if (asksForRestart) await restartEngine();
    const { exitCode, stdout, stderr } = asksForRestart
      ? await this.simpul("destroy", "--yes")
      : first;
    if (exitCode !== 0) throw new Error(`destroy fails: ${lastLines(stdout + stderr)}`);
    await rm(this.states, { recursive: true, force: true });
  }

  /** All villages of Parakan join, or none: a change that adds routers and touches their POP's carrier. */
  async villages(status: "active" | "planned"): Promise<void> {
    await this.kabupaten.write("desa/parakan.yaml", villagesOfParakan(status));
  }

  /** Keeps the ends of all consoles, for whoever looks later why something was not whole; says where. */
  async keepConsoles(name: string): Promise<string> {
    const file = path.join(LOCAL, "prove", `${name}.consoles`);
    const list = ["ps", "--all", "--format", "{{.Names}}"];
    const ours = (await this.docker(...list))
      .split("\n")
      .filter((one) => one.includes(`-${KABUPATEN}-`));
    const ends = await Promise.all(
      ours.map(async (container) => {
        const { stdout, stderr } = await this.kabupaten.docker("logs", "--tail", "30", container);
        return `== ${container}\n${stdout}${stderr}`;
      }),
    );
    await writeFile(file, ends.join("\n"));
    return file;
  }

  /** Removes it all, whatever happened; not held up by an interrupt. Once is enough, a second time does nothing. */
  remove(): Promise<void> {
    this.#removed ??= this.kabupaten.remove();
    return this.#removed;
  }

  private check(): void {
    if (this.interrupt.aborted) throw new Interrupted("interrupted");
  }
}

/** In a kabupaten this small, a few lost routers are more than a fifth of their stack. */
export const DEPLOY = ["deploy", "--yes", "--allow-blast"] as const;

/** The end of what a command said: the reason stands there. */
export function lastLines(text: string, count = 4): string {
  return text.trim().split("\n").slice(-count).join(" / ");
}

function villagesOfParakan(status: string): string {
  return `kecamatan: { code: "33.23.08", name: Parakan }
villages:
  - { code: "33.23.08.1001", name: Parakan Wetan, status: ${status}, slug: desa-parakan-wetan }
  - { code: "33.23.08.2002", name: Campursalam, status: ${status} }
  - { code: "33.23.08.2003", name: Wanutengah, status: ${status} }
  - { code: "33.23.08.2004", name: Nglondong, status: ${status} }
`;
}
