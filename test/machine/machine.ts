import { mkdir } from "node:fs/promises";
import path from "node:path";

import { answerOf, localEngine } from "../../modules/engine/docker-engine.ts";
import { ROOT } from "../../stacks/prepare.ts";
import { buildSiteLab } from "../twin/site-lab.ts";
import { THROWN_AWAY } from "./thrown-away.ts";

/** A machine for one test file: all of it is thrown away afterwards. */
export interface Machine {
  /** Words before a command that is to run there. */
  readonly enter: readonly string[];
  /** For what runs there. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Has this machine's images, an engine of its own that holds nothing yet, and this machine's firewall in force. */
export async function buildMachine(): Promise<Machine> {
  const here = localEngine(process.env);
  const site = await buildSiteLab("test", { kept: ["/var/lib/simpul"], engine: ENGINE });
  try {
    const data = await answerOf(here, ["docker", "info", "--format", "{{.DockerRootDir}}"]);
    const boot = [path.join(import.meta.dirname, "boot.sh"), ROOT, data.trim()];
    await site.boot([boot.map((word) => `'${word}'`).join(" ")]);
    const temporary = site.outside("/tmp");
    await mkdir(temporary, { recursive: true });
    const own = { TMPDIR: temporary, SIMPUL_EVIDENCE: path.join(temporary, "evidence") };
    const enter = ["nsenter", `--target=${site.firstProcess()}`, "--all", `--wdns=${ROOT}`, "--"];
    return {
      enter,
      environment: { [THROWN_AWAY]: "1", ...own },
      remove: () => site.remove(),
    };
  } catch (error) {
    await site.remove();
    throw error;
  }
}

/** As scripts/setup/engine.sh starts it. */
const ENGINE = "env GOGC=400 GOMEMLIMIT=512MiB dockerd --data-root /run/engine";
