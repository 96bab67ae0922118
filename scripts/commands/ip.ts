import type { Command } from "commander";

import type { Output } from "../output.ts";
import { registerIpExplain } from "./ip-explain.ts";
import { registerIpFree } from "./ip-free.ts";
import { registerIpImport } from "./ip-import.ts";
import { registerIpList } from "./ip-list.ts";
import { registerIpLock } from "./ip-lock.ts";

/** `simpul ip list|free|explain|lock|import`: what is allocated to whom. */
export function registerIp(program: Command, output: Output): void {
  const ip = program
    .command("ip")
    .description("the IP plan: who has which prefix and address")
    .addHelpText("after", "\nExample:\n  $ simpul ip list");
  registerIpList(ip, output);
  registerIpFree(ip, output);
  registerIpExplain(ip, output);
  registerIpLock(ip, output);
  registerIpImport(ip, output);
}
