import { Fault } from "./fault.ts";

const FORM = /^([1-9]\d{0,5})(kbps|Mbps|Gbps)$/;
const LOOSE_FORM = /^(\d+)\s*([kmg])(?:bps|bit|b|b\/s|bit\/s)?$/i;
const BITS = { kbps: 1e3, Mbps: 1e6, Gbps: 1e9 } as const;
const UNIT_OF_LETTER = { k: "kbps", m: "Mbps", g: "Gbps" } as const;
const LARGEST = 400e9;

/**
 * A bandwidth, the same in both directions: 1 kbps to 400 Gbps, decimal as lines are sold.
 *
 * Immutable. Two rates are equal when their bits per second are; `1000Mbps` and `1Gbps` have the same text.
 */
export class Rate {
  private constructor(
    readonly bitsPerSecond: number,
    /** In the largest unit that leaves a whole number. */
    readonly text: string,
  ) {}

  /** Reads `512kbps`, `50Mbps` or `1Gbps`. */
  static parse(text: string): Rate | Fault {
    const form = FORM.exec(text);
    if (!form) return misread(text);
    const bits = Number(form[1]) * BITS[form[2] as keyof typeof BITS];
    if (bits > LARGEST)
      return new Fault(`"${text}" is more than 400Gbps`, "write the rate of the line");
    const unit = bits % 1e9 === 0 ? "Gbps" : bits % 1e6 === 0 ? "Mbps" : "kbps";
    return new Rate(bits, `${bits / BITS[unit]}${unit}`);
  }

  toString(): string {
    return this.text;
  }
}

function misread(text: string): Fault {
  if (/^[1-9]\d*$/.test(text))
    return new Fault(`"${text}" is a rate without a unit`, `write ${text}Mbps`, {
      id: "rate-without-unit",
      why: `${text} could mean kbps, Mbps or Gbps`,
    });
  const loose = LOOSE_FORM.exec(text);
  if (!loose || Number(loose[1]) === 0)
    return new Fault(`"${text}" is not a rate`, "write it as 50Mbps");
  const unit = UNIT_OF_LETTER[loose[2]!.toLowerCase() as keyof typeof UNIT_OF_LETTER];
  return new Fault(
    `"${text}" is not a rate in kbps, Mbps or Gbps`,
    `write ${Number(loose[1])}${unit}`,
  );
}
