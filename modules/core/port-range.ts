import { Fault } from "./fault.ts";

const FORM = /^([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/;

/** TCP or UDP ports from one to another, both included: `25` or `135-139`. Immutable. */
export class PortRange {
  private constructor(
    readonly first: number,
    readonly last: number,
  ) {}

  /** Reads `25` or `135-139`. */
  static parse(text: string): PortRange | Fault {
    const form = FORM.exec(text);
    const [first, last] = [Number(form?.[1]), Number(form?.[2] ?? form?.[1])];
    if (!form || last > 65_535)
      return new Fault(`"${text}" is not a port or a range of ports`, "write it as 25 or 135-139");
    if (form[2] !== undefined && first >= last)
      return new Fault(
        `"${text}" is a range that does not rise`,
        first === last ? `write ${first}` : `write ${last}-${first}`,
      );
    return new PortRange(first, last);
  }

  overlaps(other: PortRange): boolean {
    return this.first <= other.last && other.first <= this.last;
  }

  get text(): string {
    return this.first === this.last ? `${this.first}` : `${this.first}-${this.last}`;
  }

  toString(): string {
    return this.text;
  }
}
