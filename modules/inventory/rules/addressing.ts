import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { POOL_NAMES, type PoolName } from "../model.ts";

/** The smallest pools with which anything can be built: a POP takes a 64th of the four that are shared out. */
const SMALLEST_POOLS: Readonly<Partial<Record<PoolName, number>>> = {
  transit: 22,
  loopback: 24,
  management: 22,
  "pusat-data": 25,
  service: 28,
  "perangkat-daerah": 24,
  desa: 24,
};

/** Pools lie inside the block and apart; networks hold their devices. */
export function checkAddressing(files: InventoryFiles): Diagnostic[] {
  return [...pools(files), ...poolSizes(files), ...shares(files), ...lans(files)];
}

function pools({ kabupaten: { file, source } }: InventoryFiles): Diagnostic[] {
  const { ipv4, pools: byName } = file.addressing;
  return POOL_NAMES.flatMap((name) => {
    const [pool, at] = [byName[name], source.at("addressing", "pools", name)];
    const overlapping = POOL_NAMES.filter(
      (other) => other !== name && byName[other].overlaps(pool),
    );
    return [
      ...(ipv4.contains(pool)
        ? []
        : [
            errorAt(
              at,
              "pool-outside",
              `pool ${name} is ${pool.text}, which lies outside ${ipv4.text}`,
              "routes of the kabupaten cover its block only",
              `choose a prefix inside ${ipv4.text}`,
            ),
          ]),
      ...overlapping.map((other) =>
        errorAt(
          at,
          "pool-overlap",
          `pool ${name} is ${pool.text} and overlaps pool ${other}, ${byName[other].text}`,
          "one address would have two purposes, and filters could not tell them apart",
          "move one of the two",
        ),
      ),
    ];
  });
}

function poolSizes({ kabupaten: { file, source } }: InventoryFiles): Diagnostic[] {
  return POOL_NAMES.flatMap((name) => {
    const pool = file.addressing.pools[name];
    const smallest = SMALLEST_POOLS[name];
    if (smallest === undefined || pool.length <= smallest) return [];
    return [
      errorAt(
        source.at("addressing", "pools", name),
        "pool-too-small",
        `pool ${name} is ${pool.text}, smaller than a /${smallest}`,
        "even a kabupaten with one POP and one server does not fit into less",
        `choose a prefix of /${smallest} or larger, and leave room to grow`,
      ),
    ];
  });
}

/** What a POP takes of a pool is smaller than the pool. */
function shares({ topology: { file, source }, kabupaten }: InventoryFiles): Diagnostic[] {
  return [...file.pops].flatMap(([name, { space }]) =>
    (["perangkat-daerah", "desa", "loopback", "management"] as const).flatMap((pool) => {
      const length = space?.[pool];
      const whole = kabupaten.file.addressing.pools[pool];
      return length === undefined || length > whole.length
        ? []
        : [
            errorAt(
              source.at("pops", name, "space", pool),
              "share-too-large",
              `the share of ${name} is a /${length}, and the whole pool ${pool} is ${whole.text}`,
              "a POP's share is cut from the pool",
              `write a length above /${whole.length}`,
            ),
          ];
    }),
  );
}

function lans({ perangkatDaerah, desa }: InventoryFiles): Diagnostic[] {
  const all = [
    ...perangkatDaerah.map(({ file, source }) => ({ lan: file.lan, source })),
    ...desa.flatMap(({ file, source }) =>
      file.villages.map(({ lan }, index) => ({ lan, source: source.below("villages", index) })),
    ),
  ];
  return all
    .filter(({ lan }) => lan.devices > room(lan.size))
    .map(({ lan, source }) =>
      errorAt(
        source.at("lan", "size"),
        "lan-too-small",
        `lan.size is /${lan.size}, which holds ${room(lan.size)} devices, and there are ${lan.devices}`,
        "network and broadcast address and the router take three",
        `write /${lengthFor(lan.devices)}`,
      ),
    );
}

/** Devices that a LAN holds beside its router (RFC 919: first and last address are not theirs). */
function room(length: number): number {
  return 2 ** (32 - length) - 3;
}

function lengthFor(devices: number): number {
  return 32 - Math.ceil(Math.log2(devices + 3));
}
