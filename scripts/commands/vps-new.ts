import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { VpsRequest } from "../../modules/inventory/scaffold/vps-text.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { todayOption } from "./today.ts";
import type { Offer } from "./vps-request.ts";

/** The flags, as commander hands them over. */
export interface VpsNewOptions extends CommonOptions, Omit<VpsRequest, "ssh_keys" | "publish"> {
  readonly sshKey: readonly string[];
  readonly publish: readonly string[];
  readonly yes?: boolean;
}

const EXAMPLE = `
Examples:
  $ simpul vps new
  $ simpul vps new --name ppdb-online --owner dinas-pendidikan --purpose "Pendaftaran peserta didik baru" \\
      --cpu 2 --memory 2GiB --disk 20GiB --ssh-key ~/.ssh/id_ed25519.pub --publish ppdb:443:internet --expires 2027-12-31`;

/** `simpul vps new`: asks, checks, and writes the one file of a request. */
export function registerVpsNew(vps: Command, output: Output): void {
  const collect = (value: string, before: readonly string[]): readonly string[] => [
    ...before,
    value,
  ];
  vps
    .command("new")
    .description("ask for a VPS: write its file, after every check; asks for what no flag says")
    .option("--name <name>", "of the server, as ppdb-online")
    .option("--owner <agency>", "as dinas-pendidikan")
    .option("--purpose <words>", "what it is for")
    .option(
      "--classification <class>",
      "of its data: terbuka, terbatas (if nothing is said), rahasia",
    )
    .option("--cpu <number>", "processors (1)")
    .option("--memory <size>", "(1GiB)")
    .option("--disk <size>", "(10GiB)")
    .option("--image <name>", "what it is made of (debian-12)")
    .option("--ssh-key <file|text>", "who may log in; may be repeated", collect, [])
    .option(
      "--publish <name:port:audience>",
      "open a port to internet, intranet or agencies; may be repeated",
      collect,
      [],
    )
    .option("--drc <standby>", "at the DRC: none, cold, warm (none)")
    .option("--expires <date>", "the last day on which it is needed")
    .option("--yes", "ask nothing: what no flag says is as in brackets")
    .addOption(todayOption())
    .addHelpText("after", EXAMPLE)
    .action((_own: object, command: Command) =>
      vpsNew(output, command.optsWithGlobals<VpsNewOptions>()),
    );
}

async function vpsNew(output: Output, options: VpsNewOptions): Promise<void> {
  const { Dialogue } = await import("./vps-dialogue.ts");
  const { requestText, tryRequest } = await import("./vps-request.ts");
  const { readKeys } = await import("./vps-keys.ts");
  const { keys, findings: unreadable } = await readKeys(options.sshKey);
  if (unreadable.length > 0) return stop(output, options, unreadable, EXIT.usage);
  const flags: VpsRequest = { ...given(options), ...(keys.length > 0 && { ssh_keys: keys }) };
  const isAsked = output.ask !== undefined && options.yes !== true && options.json !== true;
  const dialogue = new Dialogue(output, isAsked);

  let request = await dialogue.complete(flags);
  for (;;) {
    if (request === undefined) return brokenOff(output);
    if ("findings" in request) return stop(output, options, request.findings, EXIT.usage);
    const tried = await tryRequest(options, request);
    if (tried.offer !== undefined) {
      if (isAsked && !(await dialogue.confirms(tried.offer.file, requestText(request))))
        return brokenOff(output);
      return write(output, options, tried.offer);
    }
    const again = await dialogue.askAgain(request, tried);
    if (again === "refused") {
      const isUsage = tried.isTaken || tried.unreadable;
      return stop(output, options, tried.findings, isUsage ? EXIT.usage : EXIT.findings);
    }
    request = again;
  }
}

async function write(output: Output, options: VpsNewOptions, offer: Offer): Promise<void> {
  const { writeNewFile } = await import("../../modules/inventory/scaffold/write-vps.ts");
  const { alreadyThere, offerText } = await import("./vps-request.ts");
  const folder = `${options.inventory}/${options.kabupaten}`;
  if (!(await writeNewFile(folder, offer.path, offer.text)))
    return stop(output, options, [alreadyThere(offer.path)], EXIT.usage);
  const { findings, text: _text, ...more } = offer;
  report(output, "vps new", options, findings, { ...more, written: true });
  if (options.json !== true) for (const line of offerText(offer)) output.line(line);
}

function stop(
  output: Output,
  options: VpsNewOptions,
  findings: readonly Diagnostic[],
  exitCode: number,
): void {
  report(output, "vps new", options, findings, { written: false });
  if (options.json !== true) output.line("Nothing was written.");
  output.exitCode(exitCode);
}

function brokenOff(output: Output): void {
  output.line("Nothing was written.");
  output.exitCode(EXIT.findings);
}

function given(options: VpsNewOptions): VpsRequest {
  const { name, owner, purpose, classification, cpu, memory, disk, image, drc, expires } = options;
  const said = { name, owner, purpose, classification, cpu, memory, disk, image, drc, expires };
  const texts = Object.entries(said).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(texts) as VpsRequest),
    ...(options.publish.length > 0 && { publish: options.publish }),
  };
}
