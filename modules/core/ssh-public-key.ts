import { Fault } from "./fault.ts";

export const SSH_KEY_TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
] as const;
export type SshKeyType = (typeof SSH_KEY_TYPES)[number];

const SMALLEST_RSA_BITS = 2048;
const LARGEST_RSA_BITS = 16_384;
const NOT_ONE_LINE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * One public key as in a `.pub` file: type, base64, comment. Parsed down to the wire (RFC 4253 section 6.6,
 * RFC 5656 section 3.1, RFC 8709 section 4), so that what reaches `authorized_keys` is one key and nothing else:
 * no options such as `command=`, no second line.
 *
 * Immutable. Two keys are the same key when their `type` and `base64` are.
 */
export class SshPublicKey {
  private constructor(
    readonly type: SshKeyType,
    readonly base64: string,
    /** Data for people; may be empty, has no control characters. */
    readonly comment: string,
  ) {}

  static parse(text: string): SshPublicKey | Fault {
    const fault = (what: string, fix: string): Fault =>
      new Fault(`"${firstWord(text)}" ${what}`, fix);
    if (text.includes("PRIVATE KEY"))
      return new Fault(
        '"-----BEGIN" opens a private key',
        "write the line of the .pub file, and make a new pair: this one is no longer secret",
      );
    if (NOT_ONE_LINE.test(text))
      return fault("is a key with control characters in it", "write one line");
    const [type, base64, ...comment] = text.trim().split(/ +/);
    if (!isKeyType(type)) return fault(...notAType(text));
    if (base64 === undefined)
      return fault("is a key type with no key after it", `write it as ${type} AAAA... name`);
    const wire = decoded(base64);
    if (wire === undefined)
      return fault("is a key whose base64 is damaged", "copy the .pub file's line again, whole");
    const fields = fieldsOf(wire);
    const inside = fields?.[0]?.toString("latin1");
    if (inside !== type && isKeyType(inside))
      return fault(`is followed by a key of type ${inside}`, `write ${inside} before it`);
    const wrong = WIRE_FORMS[type](fields, type);
    if (wrong !== undefined) return fault(...wrong);
    return new SshPublicKey(type, base64, comment.join(" "));
  }

  /** The line for `authorized_keys`. */
  get text(): string {
    return [this.type, this.base64, this.comment].filter((part) => part !== "").join(" ");
  }

  toString(): string {
    return this.text;
  }
}

/** What is wrong, and the fix. */
type Complaint = readonly [what: string, fix: string];

const DAMAGED: Complaint = [
  "is a key that is cut short or damaged",
  "copy the .pub file's line again, whole",
];

/** Each form takes the wire's fields (undefined: they do not add up) and says what is wrong with them. */
type WireForm = (fields: readonly Buffer[] | undefined, type: SshKeyType) => Complaint | undefined;

const WIRE_FORMS: Readonly<Record<SshKeyType, WireForm>> = {
  "ssh-ed25519": (fields, type) =>
    isOf(fields, type, 2) && fields[1]!.length === 32 ? undefined : DAMAGED,
  "ecdsa-sha2-nistp256": ecdsa(32),
  "ecdsa-sha2-nistp384": ecdsa(48),
  "ecdsa-sha2-nistp521": ecdsa(66),
  "ssh-rsa": rsa,
};

/** The point is uncompressed: 4, then both coordinates (RFC 5656 section 3.1). */
function ecdsa(coordinate: number): WireForm {
  return (fields, type) =>
    isOf(fields, type, 3) &&
    `ecdsa-sha2-${fields[1]!.toString("latin1")}` === type &&
    fields[2]!.length === 1 + 2 * coordinate &&
    fields[2]![0] === 4
      ? undefined
      : DAMAGED;
}

function rsa(fields: readonly Buffer[] | undefined, type: SshKeyType): Complaint | undefined {
  if (!isOf(fields, type, 3)) return DAMAGED;
  const [exponent, modulus] = [unsignedOf(fields[1]!), unsignedOf(fields[2]!)];
  if (exponent === undefined || modulus === undefined) return DAMAGED;
  const isOdd = (number: Buffer): boolean => (number.at(-1)! & 1) === 1;
  if (!isOdd(exponent) || !isOdd(modulus) || (exponent.length === 1 && exponent[0] === 1))
    return DAMAGED;
  const bits = modulus.length * 8 - Math.clz32(modulus[0]!) + 24;
  if (bits < SMALLEST_RSA_BITS)
    return [
      `is an RSA key of ${bits} bits, too short to be safe`,
      "make a new one: ssh-keygen -t ed25519",
    ];
  if (bits > LARGEST_RSA_BITS)
    return [
      `is an RSA key of ${bits} bits, which sshd refuses`,
      "make a new one: ssh-keygen -t ed25519",
    ];
  return undefined;
}

/** A positive mpint without its sign byte (RFC 4251 section 5), undefined when zero, negative or padded. */
function unsignedOf(mpint: Buffer): Buffer | undefined {
  const [first, second] = mpint;
  if (first === undefined || first > 0x7f) return undefined;
  if (first !== 0) return mpint;
  return second !== undefined && second > 0x7f ? mpint.subarray(1) : undefined;
}

function isOf(
  fields: readonly Buffer[] | undefined,
  type: SshKeyType,
  count: number,
): fields is readonly Buffer[] {
  return fields?.length === count && fields[0]!.toString("latin1") === type;
}

/** Length-prefixed strings, to the last byte (RFC 4251 section 5). */
function fieldsOf(wire: Buffer): readonly Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let offset = 0; offset < wire.length;) {
    if (offset + 4 > wire.length) return undefined;
    const end = offset + 4 + wire.readUInt32BE(offset);
    if (end > wire.length) return undefined;
    fields.push(wire.subarray(offset + 4, end));
    offset = end;
  }
  return fields;
}

/** Buffer skips what is not base64 without a word: only text that comes back the same was base64. */
function decoded(base64: string): Buffer | undefined {
  const wire = Buffer.from(base64, "base64");
  return wire.toString("base64") === base64 ? wire : undefined;
}

function notAType(text: string): Complaint {
  const known = SSH_KEY_TYPES.find((type) => text.includes(`${type} AAAA`));
  if (known !== undefined)
    return [`stands before the key; options are not allowed`, `start the line with ${known}`];
  const word = firstWord(text);
  const inside = fieldsOf(decoded(word) ?? Buffer.alloc(0))?.[0]?.toString("latin1");
  if (isKeyType(inside)) return ["is a key without its type", `write ${inside} before it`];
  if (/^(?:SHA256|MD5):/.test(word))
    return ["is the fingerprint of a key, not the key", "write the line of the .pub file"];
  if (word.endsWith(".pub"))
    return ["is the name of a file", "write the line that stands in that file"];
  return [
    "is not a key type we accept",
    `make a key with ssh-keygen -t ed25519 (accepted: ${SSH_KEY_TYPES.join(", ")})`,
  ];
}

function isKeyType(type: string | undefined): type is SshKeyType {
  return SSH_KEY_TYPES.some((known) => known === type);
}

function firstWord(text: string): string {
  return text.trim().split(/[\p{Cc}\p{Z}]/u, 1)[0]!;
}
