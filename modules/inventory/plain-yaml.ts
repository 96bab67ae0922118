import { LONGEST_VALUE, NOT_KEYS, type YamlEntry, type YamlNode } from "./yaml-tree.ts";

/** Visible ASCII and spaces; no tabs, no CRLF, nothing that Terraform would expand. */
const PLAIN_TEXT = /^[\n\x20-\x7e]*$/;
const TEMPLATE = /[$%]\{/;
const INDENT = /(?: *(?:#[^\n]*)?\n)*( *)(?![ #\n]|$)/y;
const LINE_END = /(?: +(?:#[^\n]*)?)?(?:\n|$)/y;
const KEY = /([a-z0-9][a-z0-9_-]{0,99}):(?= |\n|$)/y;
const QUOTED = /"([^"\\\n]*)"|'([^'\n]*)'/y;
/** A scalar that needs no quotes: `: ` and ` #` end it, so neither is in it; double spaces are left to the library. */
const BLOCK_SCALAR =
  /(?:[A-Za-z0-9/.+]|-(?=[0-9]))(?:[A-Za-z0-9/.,_@+=()'-]|:+(?=[A-Za-z0-9/])| (?=[A-Za-z0-9/.,_@+=()'-]))*/y;
const FLOW_SCALAR =
  /(?:[A-Za-z0-9/.+]|-(?=[0-9]))(?:[A-Za-z0-9/._@+=()'-]|:+(?=[A-Za-z0-9/])| (?=[A-Za-z0-9/._@+=()'-]))*/y;
const SPACES = / */y;
const DEEPEST = 16;

/**
 * Reads YAML that is written plainly: block mappings and lists, flow collections on one line, scalars without escapes,
 * comments. Whatever goes beyond is undefined, never an error: the library decides. A property test holds both to the
 * same answer. It exists because checks run on every save: the library takes 35 ms to load and 60 for a kabupaten.
 */
export function readPlainYaml(text: string): YamlNode | undefined {
  if (!PLAIN_TEXT.test(text) || TEMPLATE.test(text)) return undefined;
  const reader = new PlainReader(text);
  const indent = reader.nextLine();
  const root = indent === 0 ? reader.mapping(0) : undefined;
  return reader.isAtEnd ? root : undefined;
}

class PlainReader {
  #position = 0;
  #depth = 0;
  /** Of the line that comes next; -1 at the end. */
  #indent = -1;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.#indent === -1;
  }

  /** Goes to the first character of the next line that says something. */
  nextLine(): number {
    const match = this.#match(INDENT);
    this.#indent = match === undefined ? -1 : match[1]!.length;
    return this.#indent;
  }

  mapping(indent: number): YamlNode | undefined {
    const offset = this.#position;
    const entries = new Map<string, YamlEntry>();
    do {
      const keyOffset = this.#position;
      const key = this.#key(entries);
      const node = key === undefined ? undefined : this.#valueInBlock(indent);
      if (key === undefined || node === undefined) return undefined;
      entries.set(key, { keyOffset, node });
    } while (this.#indent === indent);
    return this.#indent > indent ? undefined : { kind: "mapping", offset, entries };
  }

  #sequence(indent: number): YamlNode | undefined {
    const offset = this.#position;
    const items: YamlNode[] = [];
    do {
      this.#position += 2;
      const item = this.#startsWith(KEY)
        ? this.#nested(() => this.mapping(indent + 2))
        : this.#inLine();
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#indent === indent && this.text.startsWith("- ", this.#position));
    return this.#indent > indent ? undefined : { kind: "sequence", offset, items };
  }

  /** What follows a key: on its line, or on the deeper lines below. */
  #valueInBlock(indent: number): YamlNode | undefined {
    if (this.#match(LINE_END) === undefined) {
      this.#match(SPACES);
      return this.#inLine();
    }
    this.nextLine();
    const isList = this.text.startsWith("- ", this.#position);
    if (this.#indent < indent || (this.#indent === indent && !isList)) return undefined;
    const inner = this.#indent;
    return this.#nested(() => (isList ? this.#sequence(inner) : this.mapping(inner)));
  }

  /** A value that fills the rest of its line; then the next line. */
  #inLine(): YamlNode | undefined {
    const node = this.#value(BLOCK_SCALAR);
    if (node === undefined || this.#match(LINE_END) === undefined) return undefined;
    this.nextLine();
    return node;
  }

  /** What begins with a bracket is a collection or not plain at all: the rest of a broken one is no scalar. */
  #value(scalar: RegExp): YamlNode | undefined {
    if (this.text[this.#position] === "{") return this.#nested(() => this.#flowMapping());
    if (this.text[this.#position] === "[") return this.#nested(() => this.#flowSequence());
    return this.#scalar(scalar);
  }

  #flowMapping(): YamlNode | undefined {
    const offset = this.#position;
    const entries = new Map<string, YamlEntry>();
    const isWhole = this.#flowItems("}", () => {
      const keyOffset = this.#position;
      const key = this.#key(entries);
      if (key === undefined) return false;
      this.#match(SPACES);
      const node = this.#value(FLOW_SCALAR);
      if (node === undefined) return false;
      entries.set(key, { keyOffset, node });
      return true;
    });
    return isWhole ? { kind: "mapping", offset, entries } : undefined;
  }

  #flowSequence(): YamlNode | undefined {
    const offset = this.#position;
    const items: YamlNode[] = [];
    const isWhole = this.#flowItems("]", () => {
      const node = this.#value(FLOW_SCALAR);
      if (node === undefined) return false;
      items.push(node);
      return true;
    });
    return isWhole ? { kind: "sequence", offset, items } : undefined;
  }

  /** From the opening to the closing bracket; false when an item is not plain, or a comma stands last. */
  #flowItems(closing: string, readItem: () => boolean): boolean {
    this.#position++;
    this.#match(SPACES);
    if (this.#skip(closing)) return true;
    do {
      this.#match(SPACES);
      if (!readItem()) return false;
      this.#match(SPACES);
    } while (this.#skip(","));
    return this.#skip(closing);
  }

  #key(taken: ReadonlyMap<string, YamlEntry>): string | undefined {
    const key = this.#match(KEY)?.[1];
    return key === undefined || taken.has(key) || NOT_KEYS.has(key) ? undefined : key;
  }

  #scalar(plain: RegExp): YamlNode | undefined {
    const offset = this.#position;
    const quoted = this.#match(QUOTED);
    const text = quoted === undefined ? this.#match(plain)?.[0] : (quoted[1] ?? quoted[2]);
    if (text === undefined || text.length > LONGEST_VALUE) return undefined;
    return { kind: "scalar", offset, text, isQuoted: quoted !== undefined };
  }

  #nested(read: () => YamlNode | undefined): YamlNode | undefined {
    if (this.#depth >= DEEPEST) return undefined;
    this.#depth++;
    const node = read();
    this.#depth--;
    return node;
  }

  #startsWith(pattern: RegExp): boolean {
    pattern.lastIndex = this.#position;
    return pattern.test(this.text);
  }

  #skip(character: string): boolean {
    if (this.text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.text) ?? undefined;
    if (match !== undefined) this.#position = pattern.lastIndex;
    return match;
  }
}
