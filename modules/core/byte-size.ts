import { Fault } from "./fault.ts";

const FORM = /^([1-9]\d{0,9})(MiB|GiB|TiB)$/;
const LOOSE_FORM = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b|ibibytes?|ytes?)?)?$/i;
const BYTES = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;
const LARGEST = 1024 * BYTES.TiB;

/**
 * An amount of memory or disk in binary units (IEC 80000-13), from 1 MiB to 1024 TiB.
 *
 * Immutable. Two sizes are equal when their bytes are; `1024MiB` and `1GiB` have the same text.
 */
export class ByteSize {
  private constructor(
    /** At most 2^50, so exact as a number. */
    readonly bytes: number,
    /** In the largest unit that leaves a whole number: `1536MiB`, `2GiB`. */
    readonly text: string,
  ) {}

  /** Reads `512MiB`, `2GiB` or `1TiB`; anything looser is a fault that names the form meant. */
  static parse(text: string): ByteSize | Fault {
    const form = FORM.exec(text);
    if (!form) return misread(text);
    const bytes = Number(form[1]) * BYTES[form[2] as keyof typeof BYTES];
    if (bytes > LARGEST)
      return new Fault(`"${text}" is more than 1024TiB`, "write the size that is really there");
    return ByteSize.#of(bytes);
  }

  static mebibytes(count: number): ByteSize {
    return ByteSize.#of(count * BYTES.MiB);
  }

  static gibibytes(count: number): ByteSize {
    return ByteSize.#of(count * BYTES.GiB);
  }

  static #of(bytes: number): ByteSize {
    if (bytes <= 0 || bytes > LARGEST || bytes % BYTES.MiB !== 0)
      throw new Error(`${bytes} bytes: not a whole number of MiB up to 1024TiB`);
    const unit = bytes % BYTES.TiB === 0 ? "TiB" : bytes % BYTES.GiB === 0 ? "GiB" : "MiB";
    return new ByteSize(bytes, `${bytes / BYTES[unit]}${unit}`);
  }

  get mebibytes(): number {
    return this.bytes / BYTES.MiB;
  }

  toString(): string {
    return this.text;
  }
}

function misread(text: string): Fault {
  const loose = LOOSE_FORM.exec(text);
  const number = Number(loose?.[1]);
  if (!loose || !(number > 0)) return new Fault(`"${text}" is not a size`, "write it as 512MiB");
  if (loose[2] === undefined)
    return new Fault(`"${text}" is a size without a unit`, `write ${meant(number, "g")}`, {
      id: "size-without-unit",
      why: `${text} could mean MiB or GiB, and a wrong guess costs the agency its server`,
    });
  return new Fault(
    `"${text}" is not a size in MiB, GiB or TiB`,
    `write ${meant(number, loose[2])}`,
  );
}

/** `0.5g` -> `512MiB`; a fraction goes down to MiB, never below one. */
function meant(number: number, letter: string): string {
  const unit = { k: 2 ** 10, m: BYTES.MiB, g: BYTES.GiB, t: BYTES.TiB }[letter.toLowerCase()]!;
  const mebibytes = Math.max(1, Math.round((number * unit) / BYTES.MiB));
  return mebibytes > LARGEST / BYTES.MiB ? "512MiB" : ByteSize.mebibytes(mebibytes).text;
}
