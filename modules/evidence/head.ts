import { lineHash } from "./evidence-line.ts";
import { sign, type SigningKey } from "./signature.ts";

/**
 * How far a writer's chain reaches, signed. It is written before the line is, and holds it: a line that a power cut
 * tears is whole in here, and what the ledger holds beyond it is not the writer's.
 */
export interface Head {
  readonly kabupaten: string;
  readonly writer: string;
  /** Of its last line. */
  readonly sequence: number;
  /** SHA-256 of its last line. */
  readonly hash: string;
  /** `ssh-ed25519 AAAA...` */
  readonly key: string;
  /** The last line itself, with its newline. */
  readonly line: string;
}

/** A head as it stands in its file: JSON, then the signature of that. */
export interface SignedHead extends Head {
  readonly signedText: string;
  readonly signature: string;
}

const SIGNATURE = "-----BEGIN SSH SIGNATURE-----";

export function signedHeadText(head: Omit<Head, "hash" | "key">, key: SigningKey): string {
  const { kabupaten, writer, sequence, line } = head;
  const hash = lineHash(line);
  const said: Head = { kabupaten, writer, sequence, hash, key: key.publicKey, line };
  const text = `${JSON.stringify(said)}\n`;
  return `${text}${sign(key, text)}`;
}

/** Undefined where the text is no head at all; whether its signature is right is another question. */
export function parseHead(text: string): SignedHead | undefined {
  const at = text.indexOf(SIGNATURE);
  if (at < 0) return undefined;
  const signedText = text.slice(0, at);
  try {
    const head = JSON.parse(signedText) as Head;
    const whole =
      Number.isSafeInteger(head.sequence) &&
      [head.kabupaten, head.writer, head.hash, head.key, head.line].every(
        (each) => typeof each === "string",
      );
    return whole ? { ...head, signedText, signature: text.slice(at) } : undefined;
  } catch {
    return undefined;
  }
}
