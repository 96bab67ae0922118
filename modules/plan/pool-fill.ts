import type { CalendarDate } from "../core/calendar-date.ts";
import type { DualPrefix } from "../core/dual.ts";
import { Fault } from "../core/fault.ts";
import type { Prefix } from "../core/prefix.ts";
import { PrefixSet } from "../core/prefix-set.ts";
import { isAsnKey, layerOf, type Layer } from "./claim.ts";
import type { SpaceUse } from "./ip-utilisation.ts";
import type { LockHistory } from "./lock-history.ts";
import { parseLockValue } from "./lock-value.ts";

/** How much of a space was given out at the end of a day. */
export interface FillPoint {
  readonly day: CalendarDate;
  /** In the units of its `SpaceUse`. */
  readonly used: number;
}

/** A line that came or went. */
interface Step {
  readonly change: number;
  readonly sign: 1 | -1;
  readonly layer: Layer;
  readonly pair: DualPrefix;
  /** Whether it lies in a network (a host in its segment), or in a POP's share (a LAN), by family. */
  readonly inNetwork: Readonly<Record<"ipv4" | "ipv6", boolean>>;
  readonly inShare: Readonly<Record<"ipv4" | "ipv6", boolean>>;
}

/** Reads a history once; gives how full any space was after each of its days. */
export function fillOf(
  history: LockHistory,
): (space: Prefix, use: Pick<SpaceUse, "unit" | "share">) => readonly FillPoint[] {
  const steps = stepsOf(history);
  return (space, { unit, share }) => {
    const family = space.family === 4 ? "ipv4" : "ipv6";
    const size = unit === "/64" ? 2 ** 64 : 1;
    const deltas = history.changes.map(() => 0);
    for (const { change, sign, layer, pair, inNetwork, inShare } of steps) {
      if (!space.contains(pair[family]) || (layer === "address" && inNetwork[family])) continue;
      // What a POP's share holds is counted in the share; in the pool, the share is.
      if (share === undefined ? layer !== "aggregate" && inShare[family] : layer === "aggregate")
        continue;
      deltas[change]! += (sign * Number(pair[family].size)) / size;
    }
    let used = 0;
    const levels = history.changes.map(({ day }, index) => ({
      day,
      used: (used += deltas[index]!),
    }));
    return levels.filter(({ day }, index) => levels[index + 1]?.day.text !== day.text);
  };
}

function stepsOf({ changes }: LockHistory): readonly Step[] {
  const lines = changes.flatMap(({ added, removed }, change) => [
    ...removed.flatMap((line) => lineOf(line, change, -1)),
    ...added.flatMap((line) => lineOf(line, change, 1)),
  ]);
  const around = (layer: Layer, family: "ipv4" | "ipv6"): PrefixSet => {
    const set = new PrefixSet();
    for (const line of lines)
      if (line.layer === layer && set.overlapping(line.pair[family]) === undefined)
        set.add(line.pair[family]);
    return set;
  };
  const inside = (layer: Layer): ((pair: DualPrefix) => Step["inShare"]) => {
    const [ipv4, ipv6] = [around(layer, "ipv4"), around(layer, "ipv6")];
    return (pair) => ({
      ipv4: ipv4.overlapping(pair.ipv4) !== undefined,
      ipv6: ipv6.overlapping(pair.ipv6) !== undefined,
    });
  };
  const [inNetwork, inShare] = [inside("network"), inside("aggregate")];
  return lines.map((line) => ({
    ...line,
    inNetwork: inNetwork(line.pair),
    inShare: inShare(line.pair),
  }));
}

function lineOf(
  [key, value]: readonly [string, string],
  change: number,
  sign: 1 | -1,
): readonly Pick<Step, "change" | "sign" | "layer" | "pair">[] {
  const pair = isAsnKey(key) ? undefined : parseLockValue(value);
  if (pair === undefined || pair instanceof Fault) return [];
  return [{ change, sign, layer: layerOf(key, pair), pair }];
}
