/** Why a text is not the value it should be, in words a person can act on. */
export class Fault {
  constructor(
    /** A sentence that opens with the value in quotes: `"2" is a size without a unit`. */
    readonly what: string,
    readonly fix: string,
    /** Where the value's type knows the mistake better than the field does. */
    readonly reason?: FaultReason,
  ) {}

  /** The same sentence without its subject, to follow the name of a field: `is 2, a size without a unit`. */
  get predicate(): string {
    const [, value, link, complaint] = /^"(.*)" (is )?(.*)$/s.exec(this.what) ?? [];
    if (value === undefined || complaint === undefined) return `is wrong: ${this.what}`;
    return `is ${shortened(value) || '""'}, ${link === undefined ? "which " : ""}${complaint}`;
  }
}

export interface FaultReason {
  /** Stable kebab-case name of the diagnostic. */
  readonly id: string;
  readonly why: string;
}

const LONGEST_SHOWN = 60;

/** A whole SSH key or pasted file would hide the message around it. */
export function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 3)}...` : text;
}
