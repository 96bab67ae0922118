import type { Command } from "commander";

import type { Output } from "../output.ts";
import { registerVpsNew } from "./vps-new.ts";

/** `simpul vps new`: what is done with one virtual server. */
export function registerVps(program: Command, output: Output): void {
  const vps = program
    .command("vps")
    .description("virtual servers: ask for one")
    .addHelpText("after", "\nExample:\n  $ simpul vps new");
  registerVpsNew(vps, output);
}
