import { spawnSync } from "node:child_process";

import { Fault } from "../../modules/core/fault.ts";
import { type ImageRole, readRoleImages } from "../../modules/engine/images.ts";

export interface Judgement {
  readonly exitCode: number | null;
  readonly said: string;
}

/** The image that setup built for a role; without it there is nothing to test against. */
export function imageOf(role: ImageRole): string {
  const images = readRoleImages(process.cwd());
  if (images instanceof Fault) throw new Error(`${images.what}; ${images.fix}`);
  return images[role].id;
}

/** What a role's carrier says to a bundle: the real parsers, and a volume that goes with the container. */
export function judge(role: ImageRole, text: string, then = "true"): Judgement {
  const capabilities = ["--cap-drop", "ALL", "--cap-add", "NET_ADMIN", "--network", "none"];
  const container = ["run", "--rm", "--interactive", ...capabilities, "--tmpfs", "/etc/simpul"];
  const script = `export BUNDLE=/bundle; cat >/bundle; simpul-carrier && ${then}`;
  const { status, stdout, stderr } = spawnSync(
    "docker",
    [...container, "--entrypoint", "bash", imageOf(role), "-c", script],
    { input: text, encoding: "utf8", timeout: 60_000 },
  );
  return { exitCode: status, said: stdout + stderr };
}
