import type { Command } from "commander";

import type { Beginning } from "../../modules/inventory/scaffold/begin-kabupaten.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

interface InitOptions extends CommonOptions {
  readonly name?: string;
  readonly domain?: string;
  readonly dryRun?: boolean;
}

interface Options extends InitOptions {
  /** The inventory was named on the command line, and has to be named again. */
  readonly isElsewhere: boolean;
}

/** `simpul init CODE`: a folder to begin with, for any kabupaten or kota of Indonesia. */
export function registerInit(program: Command, output: Output): void {
  program
    .command("init")
    .description("begin a kabupaten: its kecamatan, villages, usual agencies and an address plan")
    .argument("<code...>", "its Kemendagri code (33.24), or its name")
    .option("--name <folder>", "name of the folder, where it is not the kabupaten's own")
    .option("--domain <domain>", "where it is neither the regulation's nor <name>kab.go.id")
    .option("--dry-run", "list the files, write nothing")
    .addHelpText("after", "\nExample:\n  $ simpul init 33.24\n  $ simpul init kota magelang")
    .action(async (words: readonly string[], _own: object, command: Command) => {
      const options = command.optsWithGlobals<InitOptions>();
      const isElsewhere = command.getOptionValueSource("inventory") === "cli";
      await init(output, words.join(" "), { ...options, isElsewhere });
    });
}

async function init(output: Output, which: string, options: Options): Promise<void> {
  const { randomBytes } = await import("node:crypto");
  const { AreaList } = await import("../../modules/inventory/scaffold/areas.ts");
  const { ULA_BYTES } = await import("../../modules/inventory/scaffold/address-block.ts");
  const { alreadyThere, beginKabupaten } =
    await import("../../modules/inventory/scaffold/begin-kabupaten.ts");
  const { name, domain, inventory: directory } = options;
  const { beginning, findings } = await beginKabupaten({
    list: await AreaList.load(),
    directory,
    which,
    ...(name !== undefined && { name }),
    ...(domain !== undefined && { domain }),
    globalId: randomBytes(ULA_BYTES),
  });
  if (beginning === undefined) {
    report(output, "init", { ...options, kabupaten: which }, findings);
    output.exitCode(EXIT.usage);
    return;
  }
  const about = { ...options, kabupaten: beginning.name };
  if (options.dryRun !== true && !(await write(directory, beginning))) {
    report(output, "init", about, [alreadyThere(`${directory}/${beginning.name}`, beginning)]);
    output.exitCode(EXIT.usage);
    return;
  }
  const { code, title, files } = beginning;
  const written = options.dryRun !== true;
  report(output, "init", about, findings, { code, title, written, files: [...files.keys()] });
  if (options.json !== true) for (const line of said(options, beginning)) output.line(line);
}

async function write(directory: string, { name, files }: Beginning): Promise<boolean> {
  const { writeKabupaten } = await import("../../modules/inventory/scaffold/write-kabupaten.ts");
  return writeKabupaten(directory, name, files);
}

function said(
  { inventory, dryRun, isElsewhere }: Options,
  { title, code, name, files }: Beginning,
): readonly string[] {
  const folder = `${inventory}/${name}`;
  if (dryRun === true)
    return [
      ...[...files.keys()].map((file) => `${folder}/${file}`),
      `${title} (${code}): ${files.size} files would be written`,
    ];
  return [
    `${title} (${code}): ${files.size} files in ${folder}`,
    `next: npx simpul check --kabupaten ${name}${isElsewhere ? ` --inventory ${inventory}` : ""}`,
  ];
}
