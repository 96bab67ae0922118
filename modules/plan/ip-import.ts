import { Address } from "../core/address.ts";
import { hasErrors, type Diagnostic, type Place } from "../core/diagnostic.ts";
import { Prefix } from "../core/prefix.ts";
import type { Inventory, LockEntry } from "../inventory/model.ts";
import { layerOf } from "./claim.ts";
import { importDiffers, importUnknown } from "./import-findings.ts";
import { readNumbers, type ImportedNumber } from "./import-csv.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";
import { lockEntries } from "./lock-entries.ts";
import { hostsOf, lockValue, parseLockValue } from "./lock-value.ts";
import { makePlan } from "./make-plan.ts";

/**
 * Reads numbers that are in use already (a CSV with kind, owner, name and prefix or address, as `ip list` gives them)
 * into lines of the lock. Every mistake is a finding at its line of the CSV; `lines` are whole only without errors.
 * Where no IPv6 is given, the plan's own stays or follows the IPv4 one to its new place.
 */
export function importNumbers(
  inventory: Inventory,
  file: string,
  text: string,
): { readonly lines: ReadonlyMap<string, string>; readonly findings: readonly Diagnostic[] } {
  const { numbers, findings } = readNumbers(file, text);
  const lines = new Map<string, string>();
  if (hasErrors(findings)) return { lines, findings };
  // Networks first: the addresses on a segment move with it.
  for (const addresses of [false, true]) {
    const { plan, findings: wrong } = planWith(inventory, lines, numbers);
    if (plan === undefined) return { lines, findings: wrong };
    for (const number of numbers.values()) {
      if ((layerOf(number.key, asPair(number)) === "address") !== addresses) continue;
      const line = lineFor(number, plan, inventory);
      if (typeof line === "string") lines.set(number.key, line);
      else findings.push(line);
    }
  }
  const final = planWith(inventory, lines, numbers).findings;
  return {
    lines,
    findings: [...findings, ...final.filter(({ severity }) => severity === "error")],
  };
}

/** The plan as it would be; a finding about an imported line points into the CSV. */
function planWith(
  inventory: Inventory,
  lines: ReadonlyMap<string, string>,
  numbers: ReadonlyMap<string, ImportedNumber>,
): ReturnType<typeof makePlan> {
  const imported = [...lines].map(([key, value]): [string, LockEntry] => [
    key,
    { value, at: numbers.get(key)!.at },
  ]);
  return makePlan({
    ...inventory,
    lock: { entries: new Map([...inventory.lock.entries, ...imported]) },
  });
}

function lineFor(
  number: ImportedNumber,
  plan: KabupatenPlan,
  { lock }: Inventory,
): string | Diagnostic {
  const { key, at } = number;
  const all = lockEntries(plan);
  const planned = all.get(key);
  if (planned === undefined || key.startsWith("asn/"))
    return importUnknown(at, key, [...all.keys()]);
  const value = withIpv6(number, planned);
  const pinned = lock.entries.get(key);
  if (pinned !== undefined && pinned.value !== value)
    return importDiffers(at, key, value, pinned.value, placeWords(pinned.at));
  return value;
}

function withIpv6({ key, ipv4, ipv6 }: ImportedNumber, planned: string): string {
  const before = parseLockValue(planned);
  if (!("ipv4" in before)) throw new Error(`the plan wrote ${planned}`);
  const isAddress = layerOf(key, before) === "address";
  const moved = before.ipv6.first + (ipv4.first - before.ipv4.first);
  const follows = isAddress ? Prefix.host(Address.of(6, moved)) : before.ipv6;
  const pair = { ipv4, ipv6: ipv6 ?? follows };
  return lockValue(isAddress && ipv4.length === 32 ? hostsOf(pair) : pair);
}

function asPair({ ipv4, ipv6 }: ImportedNumber) {
  return { ipv4, ipv6: ipv6 ?? Prefix.of(6, 0n, 128) };
}

function placeWords({ file, line }: Place): string {
  return `${file}:${line}`;
}
