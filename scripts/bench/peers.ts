import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { LOCAL } from "../../stacks/prepare.ts";
import { program } from "./program.ts";

/** What others are compared, at the versions that were measured last. */
const PACKAGES = ["networklab==26.10", "netaddr==1.3.0"];

/** Python's peers in an environment of their own. */
export interface Peers {
  readonly python: string;
  readonly netlab: string;
  /** `netlab 26.10, netaddr 1.3.0`. */
  readonly versions: string;
}

/**
 * Installs them below `.simpul/bench` from the Python package index, once; says why where that cannot be done. Nothing
 * of Simpul itself needs Python.
 */
export async function findPeers(): Promise<Peers | string> {
  const folder = path.join(LOCAL, "bench/python");
  const [python, netlab] = [path.join(folder, "bin/python"), path.join(folder, "bin/netlab")];
  try {
    if (!existsSync(netlab)) {
      await mkdir(path.dirname(folder), { recursive: true });
      await program("python3", ["-m", "venv", folder]);
      await program(python, [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--timeout",
        "10",
        "--retries",
        "1",
        ...PACKAGES,
      ]);
    }
    const asked =
      "from importlib.metadata import version as v; print('netlab', v('networklab') + ', netaddr', v('netaddr'))";
    const versions = await program(python, ["-c", asked]);
    return { python, netlab, versions: versions.trim() };
  } catch (error) {
    const [, ...said] = (error as Error).message.split("\n");
    return said.findLast((line) => line.trim() !== "") ?? (error as Error).message;
  }
}
