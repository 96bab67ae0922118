import { compareTexts } from "../core/diagnostic.ts";
import type { DeviceFace, Rack, RackDevice } from "../inventory/rack.ts";
import type { UnitRange } from "../core/unit-range.ts";

/** Two things at one place of a rack. */
export interface Overlap {
  /** The later by name; what stands there too is reported at both. */
  readonly device: RackDevice;
  /** A device's name, or undefined for a blank panel. */
  readonly other?: RackDevice;
  readonly units: UnitRange;
}

type Occupant = Pick<RackDevice, "units" | "face">;

/** Devices that take up room: all but those that are gone. */
export function standing({ devices }: Pick<Rack, "devices">): readonly RackDevice[] {
  return devices.filter(({ state }) => state !== "removed");
}

/** Front and back fit behind one another; full depth fits with nothing. */
export function collide(one: Occupant, other: Occupant): boolean {
  const sameFace = one.face === other.face || one.face === "full" || other.face === "full";
  return sameFace && one.units.overlaps(other.units);
}

/** Every pair that cannot stand there, once from each side; blank panels close the front. */
export function overlapsOf(rack: Pick<Rack, "devices" | "blanks">): readonly Overlap[] {
  const devices = standing(rack);
  return devices.flatMap((device) => [
    ...devices
      .filter((other) => other !== device && collide(device, other))
      .map((other) => ({ device, other, units: other.units })),
    ...rack.blanks
      .filter((units) => collide(device, { units, face: "front" }))
      .map((units) => ({ device, units })),
  ]);
}

/** Units that neither side has anything in, counted from below; a blank panel leaves its unit free. */
export function freeUnits(rack: Pick<Rack, "devices" | "units">): readonly number[] {
  const devices = standing(rack);
  return unitsOf(rack).filter(
    (unit) => !devices.some(({ units }) => units.lowest <= unit && unit <= units.highest),
  );
}

/** What stands in a unit as one sees it from one side: full depth is seen from both. */
export function seenFrom(
  rack: Pick<Rack, "devices">,
  side: Exclude<DeviceFace, "full">,
): readonly RackDevice[] {
  return standing(rack).filter(({ face }) => face === side || face === "full");
}

/** As one reads a rack: the highest first, by name where two stand beside one another. */
export function fromTheTop(devices: readonly RackDevice[]): readonly RackDevice[] {
  return devices.toSorted(
    (a, b) => b.units.highest - a.units.highest || compareTexts(a.name, b.name),
  );
}

function unitsOf({ units }: Pick<Rack, "units">): readonly number[] {
  return Array.from({ length: units }, (_, index) => index + 1);
}
