import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { pipedBundle, type ConfigFile } from "../render/config-file.ts";
import { answerOf, type Engine } from "./docker-engine.ts";

/**
 * Fills a Docker volume with the files of a local folder. They travel through the standard input of a short-lived
 * container without a network, the carrier of the role that reads them: never through Terraform's state, a command
 * line or an image layer. The carrier decides who may read them, and moves them into place whole.
 * @param image id of the role's image
 * @returns how many files are in place, or what is wrong with the folder
 */
export async function fillSecrets(
  engine: Engine,
  volume: string,
  folder: string,
  image: string,
): Promise<number | Diagnostic> {
  const files = await secretsIn(folder);
  if ("severity" in files) return files;
  // docker run would make a missing volume, without labels, and nobody would ever find it.
  const there = await engine.run(["docker", "volume", "inspect", "--format", "{{.Name}}", volume]);
  if (there.code !== 0)
    return refused(
      `there is no volume ${volume} on the engine`,
      "deploy its stack first: simpul deploy",
    );
  const capabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER"].flatMap((name) => ["--cap-add", name]);
  const argv = [
    ...["docker", "run", "--rm", "--interactive", "--network", "none", "--log-driver", "none"],
    ...["--security-opt", "no-new-privileges", "--cap-drop", "ALL", ...capabilities],
    ...["--volume", `${volume}:/run/simpul-secrets`],
    ...["--entrypoint", "/usr/local/bin/simpul-carrier", image, "secrets"],
  ];
  await answerOf(engine, argv, Buffer.from(pipedBundle(files)));
  return files.length;
}

/** Secrets lie in folders that only their owner enters, as plain files; a link could lead anywhere. */
async function secretsIn(folder: string): Promise<readonly ConfigFile[] | Diagnostic> {
  const status = await lstat(folder).catch(() => undefined);
  if (status === undefined || !status.isDirectory())
    return refused(`${folder} is not a folder`, "run simpul deploy, which makes the secrets");
  if ((status.mode & 0o077) !== 0)
    return refused(`${folder} can be read by others`, `chmod -R go= ${folder}`);
  const files: ConfigFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile())
      files.push({ path: relative(folder, file), text: await readFile(file, "utf8") });
    else if (!entry.isDirectory())
      return refused(`${file} is no plain file`, "remove it, or put the file itself there");
  }
  return files;
}

function refused(what: string, fix: string): Diagnostic {
  const why =
    "a secret goes only from where nobody else reads it to the volume of the role that needs it";
  return { id: "secrets-refused", severity: "error", what, why, fix };
}
