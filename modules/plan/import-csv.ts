import { Address } from "../core/address.ts";
import type { Diagnostic, Place } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";
import type { AllocationKind } from "./allocation.ts";
import { keyOf } from "./claim.ts";
import { importForm, importTwice } from "./import-findings.ts";

/** One thing's numbers, from one row or two. */
export interface ImportedNumber {
  readonly key: string;
  readonly ipv4: Prefix;
  readonly ipv6?: Prefix;
  /** Of its IPv4 row. */
  readonly at: Place;
}

interface Row {
  readonly key: string;
  readonly prefix: Prefix;
  readonly at: Place;
}

const NEEDED = ["kind", "owner", "name"] as const;
const SLUG = /^[a-z0-9-]+$/;

/** Reads `kind,owner,name,prefix` or `…,address` (or both columns, one of them empty); no quotes are needed. */
export function readNumbers(
  file: string,
  text: string,
): { readonly numbers: ReadonlyMap<string, ImportedNumber>; readonly findings: Diagnostic[] } {
  const [header = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const columns = header.split(",").map((name) => name.trim());
  const top = { file, line: 1, column: 1 };
  const missing = NEEDED.filter((name) => !columns.includes(name));
  if (missing.length > 0 || !(columns.includes("prefix") || columns.includes("address"))) {
    const what = "the first line does not name the columns";
    return {
      numbers: new Map(),
      findings: [importForm(top, what, "write kind,owner,name,prefix or kind,owner,name,address")],
    };
  }
  const rows: Row[] = [];
  const findings: Diagnostic[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const at = { file, line: index + 2, column: 1 };
    const row = readRow(at, columns, line);
    if (row instanceof Fault) findings.push(importForm(at, row.what, row.fix));
    else rows.push(row);
  }
  return { numbers: paired(rows, findings), findings };
}

function readRow(at: Place, columns: readonly string[], line: string): Row | Fault {
  const cells = line.split(",").map((cell) => cell.trim());
  const cell = (name: string): string => cells[columns.indexOf(name)] ?? "";
  if (cells.length > columns.length)
    return new Fault(`"${line}" has more cells than columns`, "leave out what has no column");
  const [kind, owner, name] = NEEDED.map(cell) as [string, string, string];
  const odd = [kind, owner, name || owner].find((each) => !SLUG.test(each));
  if (odd !== undefined)
    return new Fault(`"${odd}" is no slug`, "write kind, owner and name as simpul ip list does");
  const text = cell("prefix") || cell("address");
  const prefix = text.includes("/") ? Prefix.parse(text) : hostOf(text);
  if (prefix instanceof Fault) return prefix;
  const key = keyOf({ kind: kind as AllocationKind, owner, ...(name !== "" && { name }), at });
  return { key, prefix, at };
}

function hostOf(text: string): Prefix | Fault {
  const address = Address.parse(text);
  return address instanceof Fault ? address : Prefix.host(address);
}

function paired(rows: readonly Row[], findings: Diagnostic[]): ReadonlyMap<string, ImportedNumber> {
  const byFamily = { 4: new Map<string, Row>(), 6: new Map<string, Row>() };
  for (const row of rows) {
    const known = byFamily[row.prefix.family];
    const other = known.get(row.key);
    if (other !== undefined) findings.push(importTwice(row.at, row.key, other.at));
    else known.set(row.key, row);
  }
  for (const { key, at } of byFamily[6].values())
    if (!byFamily[4].has(key))
      findings.push(importForm(at, `${key} has an IPv6 number only`, "add its IPv4 row"));
  const numbers = [...byFamily[4].values()].map(({ key, prefix, at }) => {
    const ipv6 = byFamily[6].get(key)?.prefix;
    return [key, { key, ipv4: prefix, ...(ipv6 !== undefined && { ipv6 }), at }] as const;
  });
  return new Map(numbers);
}
