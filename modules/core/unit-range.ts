import { Fault } from "./fault.ts";

const FORM = /^([1-9]\d?)(?:-([1-9]\d?))?$/;

/** Height units of a rack from one to another, both included, counted from below as racks are labelled. Immutable. */
export class UnitRange {
  private constructor(
    readonly lowest: number,
    readonly highest: number,
  ) {}

  /** Reads `12` or `12-13`. */
  static parse(text: string): UnitRange | Fault {
    const form = FORM.exec(text);
    if (!form)
      return new Fault(
        `"${text}" is no unit and no range of units`,
        "write it as 12 or 12-13, counted from below",
      );
    const [lowest, highest] = [Number(form[1]), Number(form[2] ?? form[1])];
    if (form[2] !== undefined && lowest >= highest)
      return new Fault(
        `"${text}" is a range that does not rise`,
        lowest === highest ? `write ${lowest}` : `write ${highest}-${lowest}`,
      );
    return new UnitRange(lowest, highest);
  }

  /** In units of 44.45 mm (IEC 60297). */
  get height(): number {
    return this.highest - this.lowest + 1;
  }

  overlaps(other: UnitRange): boolean {
    return this.lowest <= other.highest && other.lowest <= this.highest;
  }

  get text(): string {
    return this.height === 1 ? `${this.lowest}` : `${this.lowest}-${this.highest}`;
  }

  toString(): string {
    return this.text;
  }
}
