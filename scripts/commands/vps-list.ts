import type { Command } from "commander";

import type { VpsOnEngine } from "../../modules/engine/vps-containers.ts";
import { report, type CommonOptions, type Output } from "../output.ts";
import { readyForVps } from "./vps-command.ts";

/** `simpul vps list`: every VPS, how it runs, and which stand on an older image. */
export function registerVpsList(vps: Command, output: Output): void {
  vps
    .command("list")
    .description("every VPS, how it runs, and which stand on an older image")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul vps list\n  $ simpul vps list --json | jq '.vps[] | select(.image != \"current\")'",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const ready = await readyForVps(output, "vps list", options);
      if (ready === undefined) return;
      const { vpsOnEngine } = await import("../../modules/engine/vps-containers.ts");
      const found = await vpsOnEngine(ready.engine, ready.plan, await presentImages());
      report(output, "vps list", options, ready.findings, { vps: found.map(forPrograms) });
      if (options.json !== true) for (const line of await table(found)) output.line(line);
    });
}

/** Ids by role; none where setup has built none here. */
async function presentImages(): Promise<ReadonlyMap<string, string>> {
  const { readRoleImages } = await import("../../modules/engine/images.ts");
  const { Fault } = await import("../../modules/core/fault.ts");
  const { ROOT } = await import("../../stacks/prepare.ts");
  const images = readRoleImages(ROOT);
  if (images instanceof Fault) return new Map();
  return new Map(Object.entries(images).map(([role, { id }]) => [role, id]));
}

function forPrograms({ vps, container, state, startedAt, image }: VpsOnEngine): object {
  const { name, owner, hostname, service, packages } = vps;
  return {
    name,
    owner,
    hostname,
    addresses: [service.ipv4.text, service.ipv6.text],
    container,
    state,
    startedAt,
    catalogue: vps.image,
    image,
    packages,
  };
}

async function table(found: readonly VpsOnEngine[]): Promise<readonly string[]> {
  const { columns } = await import("../../modules/plan/text-columns.ts");
  const rows = found.map(({ vps, state, image }) => [
    vps.name,
    vps.owner,
    vps.service.ipv4.text,
    state,
    imageWords(vps.image, image),
  ]);
  const old = found.filter(({ image }) => image === "older" || image === "other");
  return [
    columns([["NAME", "OWNER", "ADDRESS", "STATE", "IMAGE"], ...rows]),
    ...(old.length === 0
      ? []
      : [
          "",
          `A newer image never replaces what runs. To take it: simpul vps rebuild ${old[0]!.vps.name}`,
        ]),
  ];
}

function imageWords(name: string, image: VpsOnEngine["image"]): string {
  if (image === "older") return `${name}, an older one`;
  if (image === "other") return `another than ${name}, which its file names`;
  return image === "unknown" ? `${name}?` : name;
}
