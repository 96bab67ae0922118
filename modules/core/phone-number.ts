import { Fault } from "./fault.ts";

/** A telephone number as people write it: `+62 293 491 004` or `0293-491004` (E.164: at most 15 digits). */
export function parsePhoneNumber(text: string): string | Fault {
  const digits = text.replaceAll(/\D/g, "").length;
  if (/^\+?\d(?:[ -]?\d)*$/.test(text) && digits >= 6 && digits <= 15) return text;
  return new Fault(
    `"${text}" is not a telephone number`,
    'write it as "+62 293 491004", in quotes',
  );
}
