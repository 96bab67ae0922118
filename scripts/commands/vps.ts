import type { Command } from "commander";

import type { Output } from "../output.ts";
import { registerVpsList } from "./vps-list.ts";
import { registerVpsLog } from "./vps-log.ts";
import { registerVpsNew } from "./vps-new.ts";
import { registerVpsReboot } from "./vps-reboot.ts";
import { registerVpsRebuild } from "./vps-rebuild.ts";

/** `simpul vps new|list|reboot|rebuild|log`: the life of agencies' servers. */
export function registerVps(program: Command, output: Output): void {
  const vps = program
    .command("vps")
    .description("agencies' servers: ask for one, list, reboot, rebuild, console log")
    .addHelpText("after", "\nExample:\n  $ simpul vps new");
  registerVpsNew(vps, output);
  registerVpsList(vps, output);
  registerVpsReboot(vps, output);
  registerVpsRebuild(vps, output);
  registerVpsLog(vps, output);
}
