import { createHash } from "node:crypto";

/** First 48 bits of SHA-256 as a number: the same on every machine and in every run. */
export function stableHash(text: string): number {
  return parseInt(stableHex(text, 12), 16);
}

/** First hexadecimal digits of SHA-256. */
export function stableHex(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}
