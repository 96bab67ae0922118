import type { Diagnostic } from "../core/diagnostic.ts";
import type { Rack, RackDevice } from "../inventory/rack.ts";
import type { FeedLoad } from "./rack-power.ts";
import type { Overlap } from "./rack-units.ts";

/** Two devices in one place; said at each of them. */
export function unitsOverlap({ device, other, units }: Overlap): Diagnostic {
  const what =
    other === undefined
      ? `a blank panel closes ${unitWords(units.text)}`
      : `${other.name} (${other.face}) stands in ${unitWords(units.text)}`;
  return {
    id: "units-overlap",
    severity: "error",
    at: device.origin.at("units"),
    what: `${device.name} (${device.face}) is to stand in ${unitWords(device.units.text)}, where ${what}`,
    why: "two things do not fit into one place; front and back only fit behind one another",
    fix:
      other === undefined
        ? "take the unit out of blanks:, or place it elsewhere"
        : "look into the rack, and correct the units or face: of one of them; what is gone is state: removed",
  };
}

export function unitsOutside({ name, units }: Rack, device: RackDevice): Diagnostic {
  return {
    id: "units-outside",
    severity: "error",
    at: device.origin.at("units"),
    what: `${device.name} is to stand in ${unitWords(device.units.text)}, and ${name} has ${units} units`,
    why: "units are counted from below, 1 is the lowest",
    fix: `write units between 1 and ${units}`,
  };
}

export function blankOutside({ name, units, blanks, origin }: Rack, index: number): Diagnostic {
  return {
    id: "units-outside",
    severity: "error",
    at: origin.at("blanks", index),
    what: `a blank panel is to close ${unitWords(blanks[index]!.text)}, and ${name} has ${units} units`,
    why: "units are counted from below, 1 is the lowest",
    fix: `write units between 1 and ${units}`,
  };
}

export function feedOverloaded(rack: Rack, { feed, capacity, normal }: FeedLoad): Diagnostic {
  return {
    id: "feed-overloaded",
    severity: "error",
    at: rack.origin.at("feeds", feed),
    what: `feed ${feed} of ${rack.name} carries ${capacity} W, and its devices draw ${normal} W from it`,
    why: "its fuse would go, and with it all that hangs on this feed alone",
    fix: "move devices to the other feed or another rack, or correct what they draw",
  };
}

export function failoverOverloaded(rack: Rack, load: FeedLoad): Diagnostic {
  const { feed, capacity, normal, alone } = load;
  const other = feed === "a" ? "b" : "a";
  return {
    id: "feed-failover-overloaded",
    severity: "error",
    at: rack.origin.at("feeds", feed),
    what: `when feed ${other} of ${rack.name} fails, feed ${feed} carries ${alone} W instead of ${normal} W, and it is good for ${capacity} W`,
    why: "what has two feeds draws all from the one that is left: its fuse would go too, and the rack be dark",
    fix: "move devices to another rack, or correct what they draw",
  };
}

function unitWords(text: string): string {
  return `${text.includes("-") ? "units" : "unit"} ${text}`;
}
