import { Fault } from "./fault.ts";

const FORM = /^age1[02-9ac-hj-np-z]{58}$/;
const CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/**
 * Public half of a key of age(1), for X25519: `age1` and 58 letters of Bech32 (BIP 173). Its checksum is looked at, for
 * what is encrypted to a mistyped key nobody ever opens.
 */
export function parseAgeRecipient(text: string): string | Fault {
  if (text.startsWith("AGE-SECRET-KEY-"))
    return new Fault(
      '"AGE-SECRET-KEY-..." is the secret half of an age key',
      "write the public half that age-keygen -y shows, and make a new pair: this one is no longer secret",
    );
  if (!FORM.test(text))
    return new Fault(
      `"${text}" is not a public key of age`,
      "write what age-keygen -y shows: age1 and 58 letters and digits",
    );
  if (checksum([...hrpValues("age"), ...valuesOf(text.slice(4))]) !== 1)
    return new Fault(
      `"${text}" is a key of age that was mistyped: its checksum is wrong`,
      "copy what age-keygen -y shows again, whole",
    );
  return text;
}

function valuesOf(letters: string): readonly number[] {
  return [...letters].map((letter) => CHARSET.indexOf(letter));
}

function hrpValues(prefix: string): readonly number[] {
  const codes = [...prefix].map((letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** 1 where the data is what was written (BIP 173). */
function checksum(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const top = sum >>> 25;
    const shifted = ((sum & 0x1ffffff) << 5) ^ value;
    return GENERATORS.reduce(
      (mixed, generator, bit) => (((top >>> bit) & 1) === 1 ? mixed ^ generator : mixed),
      shifted,
    );
  }, 1);
}
