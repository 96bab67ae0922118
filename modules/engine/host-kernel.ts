import { readFile } from "node:fs/promises";

import type { Diagnostic } from "../core/diagnostic.ts";
import { type Engine, EngineRefusal } from "./docker-engine.ts";

/** Gone after a reboot, as the tables are. */
const STAMP = "/run/simpul-firewall.sum";

/** Whether the host's tables are those of this version, as it loaded them. */
export async function isClosed(engine: Engine): Promise<boolean> {
  const answer = await engine.run(
    ["sh", "-euc", `${SUM}[ "$(sum)" = "$(cat ${STAMP})" ]`],
    await rules(),
  );
  return answer.code === 0;
}

/** Loads the tables that keep product networks from the host and from each other: all at once or not at all. */
export async function closeHost(engine: Engine): Promise<Diagnostic | undefined> {
  const load = `rules=$(mktemp); trap 'rm -f "$rules"' EXIT; cat >"$rules"; nft --file "$rules"`;
  const script = `${SUM}${load}; sum <"$rules" >${STAMP}`;
  return succeed(engine, ["sh", "-euc", script], await rules());
}

/** Of the file on standard input, and of the rules in the kernel, without counters. */
const SUM = `
sum() { { cat; for family in bridge inet arp; do nft --stateless list table "$family" simpul; done; } | sha256sum; }
`;

/** Whether no tenant can use up what the kernel counts by user, for all. */
export async function sharedLimitsAreRaised(engine: Engine): Promise<boolean> {
  const wanted = (await sharedLimits()).toString().matchAll(/^(\S+) = (\d+)$/gm);
  for (const [, key = "", value = ""] of wanted) {
    const { stdout } = await engine.run(["sysctl", "--values", key]);
    if (stdout.trim() !== value) return false;
  }
  return true;
}

export async function raiseSharedLimits(engine: Engine): Promise<Diagnostic | undefined> {
  return succeed(engine, ["sysctl", "--quiet", "--load=-"], await sharedLimits());
}

async function succeed(
  engine: Engine,
  argv: readonly string[],
  stdin: Buffer,
): Promise<Diagnostic | undefined> {
  const answer = await engine.run(argv, stdin);
  if (answer.code === 0) return undefined;
  throw new EngineRefusal(engine, argv, answer);
}

function rules(): Promise<Buffer> {
  return readFile(new URL("../../scripts/setup/host-firewall.nft", import.meta.url));
}

function sharedLimits(): Promise<Buffer> {
  return readFile(new URL("../../scripts/setup/shared-limits.conf", import.meta.url));
}
