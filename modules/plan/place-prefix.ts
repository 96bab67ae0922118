import { Prefix } from "../core/prefix.ts";
import type { PrefixSet } from "../core/prefix-set.ts";
import { stableHash } from "../core/stable-hash.ts";

/**
 * Finds room for one prefix of this length inside the space: first where the hash of its key points, so that two pull
 * requests seldom want the same place, else the next free place after it, around the end if need be.
 * Gives undefined when nothing of that length is free. `prefer` replaces the hash: the slot to try first.
 */
export function placePrefix(
  taken: PrefixSet,
  space: Prefix,
  length: number,
  key: string,
  prefer?: bigint,
): Prefix | undefined {
  if (length < space.length) return undefined;
  const slots = 1n << BigInt(length - space.length);
  const start = prefer ?? BigInt(stableHash(key)) % slots;
  return scan(taken, space, length, start, slots) ?? scan(taken, space, length, 0n, start);
}

function scan(
  taken: PrefixSet,
  space: Prefix,
  length: number,
  from: bigint,
  until: bigint,
): Prefix | undefined {
  const bits = BigInt((space.family === 4 ? 32 : 128) - length);
  for (let slot = from; slot < until;) {
    const candidate = Prefix.of(space.family, space.first + (slot << bits), length);
    const obstacle = taken.overlapping(candidate);
    if (obstacle === undefined) return candidate;
    const past = (obstacle.first + obstacle.size - space.first + (1n << bits) - 1n) >> bits;
    slot = past > slot ? past : slot + 1n;
  }
  return undefined;
}
