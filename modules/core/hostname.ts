import { Fault } from "./fault.ts";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A host name of at least two labels, lower case, without a final dot (RFC 1123 section 2.1, RFC 1035 section 2.3.4).
 *
 * Immutable. Two names are equal when their texts are.
 */
export class Hostname {
  private constructor(readonly text: string) {}

  static parse(text: string): Hostname | Fault {
    const labels = text.split(".");
    if (labels.length >= 2 && labels.every((label) => LABEL.test(label))) {
      if (text.length > 253)
        return new Fault(`"${text}" is longer than 253 characters`, "shorten it");
      if (/^\d+$/.test(labels.at(-1)!))
        return new Fault(`"${text}" is not a host name but looks like an address`, "write a name");
      return new Hostname(text);
    }
    const meant = text
      .toLowerCase()
      .replace(/\.$/, "")
      .replaceAll(/[\s_]+/g, "-");
    const mended = meant === text ? undefined : Hostname.parse(meant);
    const fix = mended instanceof Hostname ? `write ${meant}` : "write it as temanggungkab.go.id";
    return new Fault(`"${text}" is not a host name`, fix);
  }

  get labels(): readonly string[] {
    return this.text.split(".");
  }

  /** The name below this one: `kominfo` under `temanggungkab.go.id`. The labels must be valid already. */
  child(...labels: readonly string[]): Hostname {
    const child = Hostname.parse([...labels, this.text].join("."));
    if (child instanceof Fault) throw new Error(child.what);
    return child;
  }

  /** True for the name itself and all below it. */
  covers(other: Hostname): boolean {
    return other.text === this.text || other.text.endsWith(`.${this.text}`);
  }

  toString(): string {
    return this.text;
  }
}

/** One label of a host name, lower case: letters, digits and inner hyphens, at most 63 (RFC 1123). */
export function parseLabel(text: string): string | Fault {
  if (LABEL.test(text)) return text;
  const meant = text.toLowerCase().replaceAll(/[\s_.]+/g, "-");
  const fix = LABEL.test(meant)
    ? `write ${meant}`
    : "use a-z, 0-9 and inner hyphens, at most 63 characters";
  return new Fault(`"${text}" is not a host name's label`, fix);
}
