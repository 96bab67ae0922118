import { Prefix } from "../../core/prefix.ts";
import { POOL_NAMES, type PoolName } from "../model.ts";

const BLOCK_LENGTH = 12;
/** The sixteen /12 of 10.0.0.0/8, then 172.16.0.0/12, which Docker likes to take for itself. */
const BLOCKS: readonly Prefix[] = [
  ...Array.from({ length: 16 }, (_, index) =>
    Prefix.of(4, (10n << 24n) + (BigInt(index) << 20n), BLOCK_LENGTH),
  ),
  Prefix.of(4, (172n << 24n) + (16n << 16n), BLOCK_LENGTH),
];

/**
 * Where each pool lies in the block: second and third octet above its start, and length.
 *
 * A POP takes a 64th of the last three: enough for 60 kecamatan with 250 routers each. The pool of the agencies is half
 * the block, so that even the one POP on which a starter list hangs needs no larger share than the others.
 */
const PLACES: Readonly<Record<PoolName, readonly [second: number, third: number, length: number]>> =
  {
    transit: [0, 0, 16],
    management: [1, 64, 18],
    "pusat-data": [2, 0, 17],
    service: [2, 128, 17],
    drc: [3, 0, 16],
    loopback: [1, 0, 18],
    desa: [4, 0, 14],
    "perangkat-daerah": [8, 0, 13],
  };

/** The most POPs that fit: of the 64 shares of a pool the core has one, and of `management` the stations another. */
export const MOST_POPS = 62;

/** Addresses of a POP's share of the pool desa. */
export const DESA_SHARE = 2 ** (32 - PLACES.desa[2] - 6);

/** The first block that nobody has; when all are taken, the one that the fewest have. */
export function chooseBlock(taken: readonly Prefix[]): { block: Prefix; isShared: boolean } {
  const users = (block: Prefix): number => taken.filter((other) => other.overlaps(block)).length;
  const counted = BLOCKS.map((block) => ({ block, users: users(block) }));
  const fewest = Math.min(...counted.map((each) => each.users));
  const { block } = counted.find((each) => each.users === fewest)!;
  return { block, isShared: fewest > 0 };
}

/** The pools of a block, in the order of their addresses. */
export function poolsOf(block: Prefix): ReadonlyMap<PoolName, Prefix> {
  const pools = POOL_NAMES.map((name): [PoolName, Prefix] => {
    const [second, third, length] = PLACES[name];
    const offset = (BigInt(second) << 16n) + (BigInt(third) << 8n);
    return [name, Prefix.of(4, block.first + offset, length)];
  });
  return new Map(pools.toSorted(([, a], [, b]) => Number(a.first - b.first)));
}

/** Random bytes that a unique local /48 needs: its 40 bits of global id (RFC 4193 section 3.2). */
export const ULA_BYTES = 5;

/** The /48 of a global id. */
export function uniqueLocalBlock(globalId: Uint8Array): Prefix {
  if (globalId.length !== ULA_BYTES) throw new RangeError(`${globalId.length} bytes for 40 bits`);
  const id = BigInt(`0x${Buffer.from(globalId).toString("hex")}`);
  return Prefix.of(6, ((0xfdn << 40n) | id) << 80n, 48);
}
