import { compareTexts, type Diagnostic, type Place } from "../core/diagnostic.ts";
import type { Lock, LockEntry } from "./model.ts";

export const LOCK_FILE = "ip-plan.lock.yaml";
export const TRUST_ANCHORS_FILE = "dns/trust-anchors.yaml";

const KEY = "[a-z0-9-]+(?:/[a-z0-9.-]+)+";
const LINE = new RegExp(
  `^(${KEY}): +(?:"([^"\\\\\\p{Cc}]+)"|([A-Za-z0-9][^#"'\`\\p{Cc}]*?)) *$`,
  "u",
);
const MERGE_CONFLICT = /^(?:<{7}|={7}|>{7})/;
/** No quotes needed: YAML would end a plain scalar at `: `, at a final colon and at ` #`. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9.:/ _-]*[A-Za-z0-9./_-])?$/;

/**
 * The lock's lines. A subset of YAML that is read line by line: ten thousand of them pass before a YAML parser has
 * built its nodes. Each is `kind/name: value`; what a value means is the plan's business.
 */
export function parseLock(file: string, text: string): { lock: Lock; findings: Diagnostic[] } {
  const entries = new Map<string, LockEntry>();
  const findings: Diagnostic[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#.*)?$/.test(line) || (line === "{}" && entries.size === 0)) continue;
    const at = { file, line: index + 1, column: 1 };
    const [key, value] = readLine(line);
    const first = key === undefined ? undefined : entries.get(key);
    if (key === undefined || value === undefined) findings.push(notALine(at, line));
    else if (first?.value === value) continue;
    else if (first !== undefined) findings.push(writtenTwice(at, key, first));
    else entries.set(key, { value, at });
    if (findings.length >= MOST_FINDINGS) break;
  }
  return { lock: { entries }, findings };
}

/**
 * The lines of a lock that git has merged, whatever stands in it: of two values for one key the one that `kept` has
 * stays, else the one that sorts first, so that both orders of a merge end alike. What is no line is passed over.
 */
export function settledLines(
  text: string,
  kept: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const settled = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [key, value] = readLine(line);
    if (key === undefined || value === undefined) continue;
    const other = settled.get(key);
    if (other === undefined || (kept.get(key) !== other && compareTexts(value, other) < 0))
      settled.set(key, value);
    if (kept.get(key) === value) settled.set(key, value);
  }
  return settled;
}

function readLine(line: string): readonly [string?, string?] {
  const [, key, quoted, plain] = LINE.exec(line) ?? [];
  const value = quoted ?? plain;
  return key === undefined || value === undefined ? [] : [key, value];
}

/** A damaged lock is damaged once, however many lines it has. */
const MOST_FINDINGS = 20;

/** The lock as a file: sorted, plain YAML that reads back the same. */
export function lockText(entries: ReadonlyMap<string, string>, header = ""): string {
  const lines = [...entries]
    .toSorted(([a], [b]) => compareTexts(a, b))
    .map(([key, value]) => {
      const line = `${key}: ${PLAIN.test(value) && !value.includes(": ") ? value : `"${value}"`}`;
      if (!LINE.test(line)) throw new Error(`not a line of the lock: ${line}`);
      return line;
    });
  return `${header}${lines.map((line) => `${line}\n`).join("")}`;
}

function notALine(at: Place, line: string): Diagnostic {
  if (MERGE_CONFLICT.test(line))
    return {
      id: "lock-merge-conflict",
      severity: "error",
      at,
      what: "a merge conflict stands in the lock",
      why: "both branches allocated something; git could not tell that both lines stay",
      fix: "run simpul ip lock --repair main: lines of main stay, others are given new addresses where they must",
    };
  return {
    id: "lock-line",
    severity: "error",
    at,
    what: "this is not a line of the lock",
    why: "the lock is read as one `kind/name: value` per line, so that branches merge line by line",
    fix: "restore the file from git: it is written by npx simpul ip lock",
  };
}

function writtenTwice(at: Place, key: string, first: LockEntry): Diagnostic {
  return {
    id: "lock-duplicate",
    severity: "error",
    at,
    what: `${key} already stands in line ${first.at.line}`,
    why: "two branches allocated the same thing, and only one of the two can be what runs",
    fix: "run simpul ip lock --repair HEAD^1 (main before the merge: its lines stay)",
  };
}
