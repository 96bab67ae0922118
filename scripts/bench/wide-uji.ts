import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { StackToRun } from "../../modules/engine/stack-to-run.ts";
import { terraformEnvironment } from "../../modules/engine/terraform-environment.ts";
import {
  findTerraform,
  runTerraform,
  type Terraform,
} from "../../modules/engine/terraform-process.ts";
import { LOCAL, prepare, ROOT } from "../../stacks/prepare.ts";
import { prepareStacks } from "../commands/prepare-stacks.ts";
import { program } from "./program.ts";

const FIXTURE = path.join(ROOT, "test/fixtures/inventory");
const POPS = ["parakan", "ngadirejo"];

/** The kabupaten of the tests with more agencies, on the engine of this machine; what is deployed elsewhere is untouched. */
export class WideUji {
  private constructor(
    readonly inventory: string,
    readonly terraform: Terraform,
  ) {}

  static async begin(agencies: number): Promise<WideUji> {
    const inventory = await mkdtemp(path.join(tmpdir(), "simpul-bench-"));
    await cp(FIXTURE, inventory, { recursive: true });
    const folder = path.join(inventory, "uji/perangkat-daerah");
    const model = await readFile(path.join(folder, "dinas-kesehatan.yaml"), "utf8");
    for (let index = 1; index <= agencies; index++) {
      const text = model
        .replaceAll("dinkes", `bench${index}`)
        .replace("Dinas Kesehatan", `Dinas Bench ${index}`)
        .replace(/at: \w+/, `at: ${POPS[index % POPS.length]}`)
        .replace(/lan: .*/, "lan: { size: /27, devices: 10 }");
      await writeFile(path.join(folder, `dinas-bench-${index}.yaml`), text);
    }
    const environment = await terraformEnvironment(path.join(LOCAL, "env"), process.env);
    const terraform = await findTerraform(environment);
    if ("severity" in terraform) throw new Error(`${terraform.what}: ${terraform.fix}`);
    const uji = new WideUji(inventory, terraform);
    await uji.simpul("destroy", "--yes");
    return uji;
  }

  /** `terraform 1.11.4`. */
  async terraformVersion(): Promise<string> {
    const [first = ""] = (
      await program(this.terraform.binary, ["version"], { env: this.terraform.environment })
    ).split("\n");
    return first.replace(/ v/, " ").toLowerCase();
  }

  async size(): Promise<string> {
    const { plan } = await prepare({ kabupaten: "uji", inventory: this.inventory });
    if (plan === undefined) throw new Error("the wide uji cannot be planned");
    return `${plan.routers.length} routers and gateways, ${plan.vps.length} VPS, ${plan.stacks.length} stacks`;
  }

  simpul(...words: readonly string[]): Promise<string> {
    const which = ["--kabupaten", "uji", "--inventory", this.inventory];
    return program(path.join(ROOT, "scripts/simpul"), [...words, ...which], { cwd: ROOT });
  }

  cdktf(...words: readonly string[]): Promise<string> {
    const env = { SIMPUL_KABUPATEN: "uji", SIMPUL_INVENTORY: this.inventory, CI: "1" };
    const script = '. .simpul/env && exec npx --no-install cdktf "$@"';
    const output = ["--output", path.join(this.inventory, "cdktf.out")];
    return program("bash", ["-c", script, "cdktf", ...words, ...output], { cwd: ROOT, env });
  }

  /** The JSON that Simpul gives terraform. */
  async synthesised(): Promise<readonly StackToRun[]> {
    const { synthesise, findings } = await prepareStacks({
      kabupaten: "uji",
      inventory: this.inventory,
    });
    const stacks = synthesise();
    if (stacks.length === 0) throw new Error(JSON.stringify(findings));
    return stacks;
  }

  /** Plain terraform in the folder of each stack: those that need nothing more at once. */
  async terraformInEach(
    stacks: readonly StackToRun[],
    ...commands: readonly (readonly string[])[]
  ): Promise<void> {
    const done = new Set<string>();
    while (done.size < stacks.length) {
      const ready = stacks.filter(
        ({ name, needs }) => !done.has(name) && needs.every((need) => done.has(need)),
      );
      if (ready.length === 0) throw new Error("stacks need each other");
      await Promise.all(ready.map((stack) => this.#terraform(stack, commands)));
      for (const { name } of ready) done.add(name);
    }
  }

  async #terraform(
    { directory, name }: StackToRun,
    commands: readonly (readonly string[])[],
  ): Promise<void> {
    for (const words of commands) {
      const { code, stderr } = await runTerraform(this.terraform, { directory, arguments: words });
      if (code !== 0)
        throw new Error(`terraform ${words.join(" ")} in ${name} ended with ${code}: ${stderr}`);
    }
  }

  async end(): Promise<void> {
    await this.simpul("destroy", "--yes");
    await rm(this.inventory, { recursive: true, force: true });
  }
}
