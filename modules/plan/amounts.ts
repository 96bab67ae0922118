import { ByteSize } from "../core/byte-size.ts";

/** What is shared out: processors, and memory and disk in MiB. */
export interface Amounts {
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
}
export type Resource = keyof Amounts;

export const RESOURCES = ["cpu", "memory", "disk"] as const satisfies readonly Resource[];
export const NOTHING: Amounts = { cpu: 0, memory: 0, disk: 0 };

/** The same operation on each of the three. */
export function eachAmount(of: (resource: Resource) => number): Amounts {
  return { cpu: of("cpu"), memory: of("memory"), disk: of("disk") };
}

export function sumOf(amounts: readonly Amounts[]): Amounts {
  return eachAmount((resource) => amounts.reduce((total, each) => total + each[resource], 0));
}

/** As a person writes it: `2.5`, `1536MiB`, `204.7GiB` (rounded down), `0`; a negative amount keeps its sign. */
export function amountText(resource: string, amount: number): string {
  if ((resource !== "memory" && resource !== "disk") || amount === 0) return String(amount);
  const size = Math.abs(amount);
  const gibibytes = size / 1024;
  const text =
    gibibytes < 10 || Number.isInteger(gibibytes)
      ? ByteSize.mebibytes(size).text
      : `${Math.floor(gibibytes * 10) / 10}GiB`;
  return `${amount < 0 ? "-" : ""}${text}`;
}
