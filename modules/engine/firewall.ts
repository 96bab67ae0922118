import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { runProgram } from "./run-program.ts";

export const FIREWALL_FILE = "scripts/setup/host-firewall.nft";

const SSH_HOST = /^ssh:\/\/([^:/]+)(?::(\d+))?\/?$/;

export type FirewallState = "in-force" | "changed" | "absent" | "out-of-reach";

/**
 * Compares the rules in the kernel of the engine's host with those that setup left there.
 * `changed`: a rule or the file is no longer what setup loaded.
 */
export async function firewallState(
  checkout: string,
  dockerHost: string | undefined,
): Promise<FirewallState> {
  const host = firewallHost(dockerHost);
  if (host === undefined) return "out-of-reach";
  const tables = await Promise.all(["bridge", "inet", "arp"].map((family) => listed(host, family)));
  if (tables.some((table) => !table.ok)) return "absent";
  const rules = tables.map(({ output }) => output).join("");
  const stamp = join(checkout, ".simpul", "firewall", host.stamp);
  if (!existsSync(stamp)) return "changed";
  // The same sum as firewall_fingerprint in scripts/setup/firewall.sh.
  const fingerprint = createHash("sha256")
    .update(readFileSync(join(checkout, FIREWALL_FILE)))
    .update(rules)
    .digest("hex");
  return readFileSync(stamp, "utf8").trim() === fingerprint ? "in-force" : "changed";
}

/** Why nothing may be put on this engine yet, when its host is not closed to it. */
export async function firewallProblem(
  checkout: string,
  dockerHost: string | undefined,
): Promise<Diagnostic | undefined> {
  const state = await firewallState(checkout, dockerHost);
  if (state === "in-force") return undefined;
  return {
    id: "host-open",
    severity: "error",
    what: `the firewall of the engine's host is not in force (${state})`,
    why: "without it every VPS reaches the host and, through it, every other network over IPv6",
    fix: "run simpul setup, step firewall, on the engine's host",
  };
}

interface FirewallHost {
  /** File below .simpul/firewall that holds the fingerprint. */
  readonly stamp: string;
  /** Words before the arguments of nft. */
  readonly nft: readonly [string, ...string[]];
}

function firewallHost(dockerHost: string | undefined): FirewallHost | undefined {
  if (dockerHost === undefined || dockerHost === "" || dockerHost.startsWith("unix://"))
    return { stamp: "local", nft: ["nft"] };
  const [, target, port = "22"] = SSH_HOST.exec(dockerHost) ?? [];
  if (target === undefined) return undefined;
  const options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-p", port];
  const nftThere = "$(command -v sudo >/dev/null && echo sudo -n) nft";
  return { stamp: target, nft: ["ssh", ...options, target, nftThere] };
}

function listed(host: FirewallHost, family: string): ReturnType<typeof runProgram> {
  const [program, ...words] = host.nft;
  return runProgram(program, [...words, "--stateless", "list", "table", family, "simpul"], 15_000);
}
