import { type Command, Option } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import type { ConfigFile } from "../../modules/render/config-file.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { wrongArgument } from "./wrong-argument.ts";
import { fileNotWritten } from "./file-not-written.ts";

const PLATFORMS = ["routeros", "frr", "bird"] as const;

interface ConfigOptions extends CommonOptions {
  readonly platform?: (typeof PLATFORMS)[number];
  readonly port: readonly string[];
  readonly part?: string;
  readonly out?: string;
}

const EXAMPLE = `
Roles of --port are the segments on which the router stands, and "lan". Of several parts --out names the folder.

Example:
  $ simpul config dinas-pendidikan --platform routeros --port lan=ether2,ether3 --out dindikpora.rsc
  $ simpul config dinas-pendidikan --platform frr --part frr.conf`;

/** `simpul config ROUTER`: the whole configuration of a planned router, in its device's own language. */
export function registerConfig(program: Command, output: Output): void {
  program
    .command("config")
    .description("the configuration of one router for RouterOS, FRR or BIRD, from the plan")
    .argument("<router>", "its name: dinas-pendidikan, pop-parakan; of a gateway TENANT/gateway")
    .addOption(
      new Option("--platform <platform>", "the router's own where absent, else bird").choices(
        PLATFORMS,
      ),
    )
    .option(
      "--port <role=interface>",
      "which interface of the device a role has; may be given several times",
      (text: string, before: readonly string[]) => [...before, text],
      [],
    )
    .option("--part <name>", "one file of several: frr.conf, nftables.conf, bird.conf, interfaces")
    .option("--out <file>", "write it there instead of to the terminal")
    .addHelpText("after", EXAMPLE)
    .action(async (name: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<ConfigOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const prepared = await prepareOrReport(output, "config", options);
      if (prepared === undefined) return;
      const made = await configuration(prepared.plan, name, options);
      if ("severity" in made) {
        report(output, "config", options, [made]);
        output.exitCode(EXIT.usage);
        return;
      }
      await hand(output, options, name, made, prepared.findings);
    });
}

interface Made {
  readonly platform: string;
  readonly files: readonly ConfigFile[];
}

async function configuration(
  plan: KabupatenPlan,
  name: string,
  { platform: asked, port, part }: ConfigOptions,
): Promise<Made | Diagnostic> {
  const { Fault } = await import("../../modules/core/fault.ts");
  const { suggestion } = await import("../../modules/inventory/suggestion.ts");
  const { deviceOf } = await import("../../modules/plan/device.ts");
  const { parsePorts } = await import("../../modules/plan/device-ports.ts");
  const { deviceFiles } = await import("../../modules/render/device-files.ts");
  const router = plan.routers.find((one) => keyOf(one) === name);
  if (router === undefined)
    return wrongArgument(
      `"${name}" is no router of ${plan.title}`,
      suggestion(name, plan.routers.map(keyOf)),
    );
  const platform = asked ?? router.device?.platform ?? "bird";
  const ports = parsePorts(port);
  if (ports instanceof Fault) return wrongArgument(ports.what, ports.fix);
  const resolvers = plan.dns.resolvers.map(({ service }) => service);
  const device = deviceOf({ block: plan.block, resolvers }, router, platform, ports);
  if (device instanceof Fault) return wrongArgument(device.what, device.fix);
  const files = deviceFiles(device);
  const chosen = files.filter(({ path }) => part === undefined || path === part);
  if (chosen.length > 0) return { platform, files: chosen };
  const parts = files.map((file) => file.path).join(", ");
  return wrongArgument(`${platform} has no part "${part}"`, `its parts are ${parts}`);
}

function keyOf({ name, role }: RouterPlan): string {
  return role === "gateway" ? `${name}/gateway` : name;
}

async function hand(
  output: Output,
  options: ConfigOptions,
  router: string,
  { platform, files }: Made,
  findings: readonly Diagnostic[],
): Promise<void> {
  const { out, json } = options;
  if (out === undefined) {
    if (json === true) report(output, "config", options, findings, { router, platform, files });
    else output.line(files.map((file) => shown(file, files.length)).join("\n"));
    return;
  }
  const written = await write(out, files);
  if (!Array.isArray(written)) {
    report(output, "config", options, [written]);
    output.exitCode(EXIT.usage);
    return;
  }
  report(output, "config", options, findings, { router, platform, written });
  if (json !== true) output.line(`${router}: ${written.join(", ")} (${platform})`);
}

/** One part alone is the text itself; of several each has its name above. */
function shown({ path, text }: ConfigFile, parts: number): string {
  return parts === 1 ? text.trimEnd() : `# ==== ${path} ====\n${text}`;
}

async function write(out: string, files: readonly ConfigFile[]): Promise<Diagnostic | string[]> {
  const { mkdir, writeFile } = await import("node:fs/promises");
  const path = (await import("node:path")).default;
  const only = files.length === 1;
  const targets = files.map(({ path: name, text }) => ({
    file: only ? out : path.join(out, name),
    text,
  }));
  try {
    if (!only) await mkdir(out, { recursive: true });
    for (const { file, text } of targets) await writeFile(file, text);
    return targets.map(({ file }) => file);
  } catch (error) {
    return fileNotWritten(out, error);
  }
}
