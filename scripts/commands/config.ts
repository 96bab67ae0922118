import { type Command, Option } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import type { ColocatedServerPlan } from "../../modules/plan/vps-plan.ts";
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
  $ simpul config dinas-pendidikan --platform frr --part frr.conf
  $ simpul config simrs --port rsud=eno1 --out interfaces`;

/** `simpul config NAME`: of a planned router in its device's own language, or of an agency's server in a rack. */
export function registerConfig(program: Command, output: Output): void {
  program
    .command("config")
    .description(
      "the configuration of one router (RouterOS, FRR, BIRD) or colocated server (Debian), from the plan",
    )
    .argument(
      "<router>",
      "its name: dinas-pendidikan, pop-parakan, simrs; of a gateway TENANT/gateway",
    )
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
  const ports = parsePorts(port);
  if (ports instanceof Fault) return wrongArgument(ports.what, ports.fix);
  const server = plan.colocation.find((one) => one.name === name);
  if (server !== undefined) return serverConfiguration(plan, server, ports);
  const router = plan.routers.find((one) => keyOf(one) === name);
  if (router === undefined)
    return wrongArgument(
      `"${name}" is no router and no colocated server of ${plan.title}`,
      suggestion(name, [...plan.routers.map(keyOf), ...plan.colocation.map((one) => one.name)]),
    );
  const platform = asked ?? router.device?.platform ?? "bird";
  const kabupaten = { block: plan.block, resolvers: [plan.dns.asked] };
  const device = deviceOf(kabupaten, router, platform, ports);
  if (device instanceof Fault) return wrongArgument(device.what, device.fix);
  const files = deviceFiles(device);
  const chosen = files.filter(({ path }) => part === undefined || path === part);
  if (chosen.length > 0) return { platform, files: chosen };
  const parts = files.map((file) => file.path).join(", ");
  return wrongArgument(`${platform} has no part "${part}"`, `its parts are ${parts}`);
}

/** An agency's machine in a rack: one file for Debian, whose one port stands on its owner's segment. */
async function serverConfiguration(
  plan: KabupatenPlan,
  server: ColocatedServerPlan,
  ports: ReadonlyMap<string, string[]>,
): Promise<Made | Diagnostic> {
  const { PORT_FORM } = await import("../../modules/plan/device-ports.ts");
  const { serverInterfaces } = await import("../../modules/render/server-interfaces.ts");
  const unknown = [...ports.keys()].find((role) => role !== server.segment);
  const port = ports.get(server.segment)?.[0] ?? "eth0";
  if (unknown !== undefined || !PORT_FORM.bird.test(port))
    return wrongArgument(
      unknown === undefined
        ? `"${port}" is not a network interface's name`
        : `${server.name} does not stand on "${unknown}"`,
      `write --port ${server.segment}=eno1`,
    );
  const file = { path: "interfaces", text: serverInterfaces(plan, server, port) };
  return { platform: "debian", files: [file] };
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
