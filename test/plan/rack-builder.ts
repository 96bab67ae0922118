import fc from "fast-check";

import { Fault } from "../../modules/core/fault.ts";
import { UnitRange } from "../../modules/core/unit-range.ts";
import type { Rack, RackDevice } from "../../modules/inventory/rack.ts";

const origin = {
  file: "colocation/rak-a.yaml",
  at: () => ({ file: "colocation/rak-a.yaml", line: 1, column: 1 }),
};

export function unitRange(lowest: number, height: number): UnitRange {
  const range = UnitRange.parse(height === 1 ? `${lowest}` : `${lowest}-${lowest + height - 1}`);
  if (range instanceof Fault) throw new Error(range.what);
  return range;
}

/** A device of Dinas that fills one unit, but for what is said. */
export function device(said: Partial<RackDevice> & Pick<RackDevice, "name">): RackDevice {
  return {
    kind: "host",
    owner: "dinas-kominfo",
    units: unitRange(1, 1),
    face: "full",
    power: {},
    ports: [],
    state: "installed",
    origin,
    ...said,
  };
}

export function rackOf(devices: readonly RackDevice[], said: Partial<Rack> = {}): Rack {
  return {
    name: "rak-a",
    site: "pusat-data",
    units: 42,
    feeds: { a: 3520, b: 3520 },
    blanks: [],
    devices,
    origin,
    ...said,
  };
}

const UNITS = 12;

const devices = fc
  .array(
    fc.record({
      lowest: fc.integer({ min: 1, max: UNITS }),
      height: fc.integer({ min: 1, max: 4 }),
      face: fc.constantFrom("front", "back", "full"),
      a: fc.option(fc.integer({ min: 1, max: 900 })),
      b: fc.option(fc.integer({ min: 1, max: 900 })),
      state: fc.constantFrom("installed", "planned", "off", "removed"),
    }),
    { maxLength: 10 },
  )
  .map((shapes) =>
    shapes.map(({ lowest, height, a, b, ...rest }, index) =>
      device({
        ...rest,
        name: `device-${index}`,
        units: unitRange(lowest, height),
        power: { ...(a !== null && { a }), ...(b !== null && { b }) },
      }),
    ),
  );

/** Small racks in which much collides, some of it reaching above the highest unit. */
export const racks = fc
  .record({
    devices,
    blanks: fc.array(fc.integer({ min: 1, max: UNITS }), { maxLength: 3 }),
  })
  .map(({ devices: some, blanks }) =>
    rackOf(some, { units: UNITS, blanks: blanks.map((unit) => unitRange(unit, 1)) }),
  );
