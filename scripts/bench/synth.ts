import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Fault } from "../../modules/core/fault.ts";
import { prepare, LOCAL, ROOT } from "../../stacks/prepare.ts";
import { synthesise, synthesisOptions } from "../../stacks/synthesise.ts";
import { netlab } from "./check.ts";
import { timed, type Started, type Subject } from "./contender.ts";
import { findPeers } from "./peers.ts";
import { program } from "./program.ts";

const WHICH = { kabupaten: "temanggung", inventory: path.join(ROOT, "inventory") };

/** From what people wrote to every configuration and all that Terraform reads. */
export const synth: Subject = {
  name: "synth",
  begin: async (): Promise<Started> => {
    const { plan } = await prepare(WHICH);
    if (plan === undefined) throw new Error("temanggung cannot be planned: npx simpul check");
    const folder = await mkdtemp(path.join(tmpdir(), "simpul-bench-"));
    const environment = { SIMPUL_KABUPATEN: "temanggung", CI: "1", CHECKPOINT_DISABLE: "1" };
    const peers = await findPeers();
    return {
      about: `Temanggung: ${plan.stacks.length} stacks`,
      contenders: [
        {
          name: "Simpul, as plan and deploy do",
          note: "read, planned and synthesised in one process, whose start is not counted",
          run: () => timed(() => synthesiseOnce(path.join(folder, "synth"))),
        },
        {
          name: "cdktf synth",
          note: "the CLI, which starts the same app",
          run: () =>
            timed(() =>
              program(
                "npx",
                ["--no-install", "cdktf", "synth", "--output", path.join(folder, "out")],
                {
                  cwd: ROOT,
                  env: environment,
                },
              ),
            ),
        },
        ...(typeof peers === "string" ? [] : [await netlab(peers, plan, folder)]),
      ],
      absent: typeof peers === "string" ? [`netlab: ${peers}`] : [],
      end: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

async function synthesiseOnce(folder: string): Promise<void> {
  const { inventory, plan } = await prepare(WHICH);
  const options = synthesisOptions(plan!, inventory!.trustAnchors, { local: LOCAL, root: ROOT });
  if (options instanceof Fault) throw new Error(`${options.what}: ${options.fix}`);
  synthesise(plan!, options, folder);
}
