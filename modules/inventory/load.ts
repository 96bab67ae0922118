import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { hasErrors, inReadingOrder, type Diagnostic } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import { parseSlug } from "../core/slug.ts";
import { assemble } from "./assemble.ts";
import { findFiles, type FoundFile } from "./find-files.ts";
import type { Entry, InventoryFiles } from "./inventory-files.ts";
import { parseLock } from "./lock-file.ts";
import { renameLock, renamesOf } from "./lock-rename.ts";
import type { Inventory, Lock } from "./model.ts";
import { neighboursIn } from "./neighbours.ts";
import { parseYaml, type ParsedYaml } from "./parse-yaml.ts";
import { readText } from "./read-text.ts";
import { dutiesOf, regulationsIn } from "./regulations.ts";
import { checkRules } from "./rules/rules.ts";
import { colocationSchema } from "./schema/colocation.ts";
import { desaSchema } from "./schema/desa.ts";
import { kabupatenSchema } from "./schema/kabupaten.ts";
import { perangkatDaerahSchema } from "./schema/perangkat-daerah.ts";
import { topologySchema } from "./schema/topology.ts";
import { validate } from "./schema/validate.ts";
import { vpsSchema } from "./schema/vps.ts";
import { nearest } from "./suggestion.ts";

export interface LoadOptions {
  /** The folder that holds one folder per kabupaten, and `regulations/`. */
  readonly directory: string;
  /** Name of the kabupaten's folder. */
  readonly kabupaten: string;
  /** A file that is not on the disk yet, checked as if it were. */
  readonly unwritten?: UnwrittenFile;
}

/** `vps/ppdb-online.yaml` and what it would say. */
export interface UnwrittenFile extends FoundFile {
  readonly text: string;
}

export interface LoadResult {
  /** Absent when anything is wrong. */
  readonly inventory?: Inventory;
  readonly findings: readonly Diagnostic[];
  /** True when there is no such folder to read: wrong usage (exit code 2), not a mistake in a file. */
  readonly unreadable: boolean;
}

/** Reads one kabupaten's folder. Every phase says all it finds; the next runs only when there was no error. */
export async function loadInventory({
  directory,
  kabupaten,
  unwritten,
}: LoadOptions): Promise<LoadResult> {
  const unreadable = checkFolder(directory, kabupaten);
  if (unreadable !== undefined) return { findings: [unreadable], unreadable: true };
  const folder = join(directory, kabupaten);

  const found = findFiles(folder);
  if (hasErrors(found.findings)) return stop(found.findings);

  const read = readAll(folder, found.files);
  if (hasErrors(read.findings)) return stop(read.findings);

  const parsed = await parseAll([...read.texts, ...(unwritten === undefined ? [] : [unwritten])]);
  if (hasErrors(parsed.findings)) return stop(parsed.findings);

  const valid = validateAll(kabupaten, parsed, {
    regulations: regulationsIn(directory),
    neighbours: await neighboursIn(directory, kabupaten),
  });
  if (valid.files === undefined) return stop(valid.findings);

  const files = withRenames(valid.files);
  const findings = checkRules(files);
  if (hasErrors(findings)) return stop(findings);

  return {
    inventory: assemble(files, await dutiesOf(directory, files.kabupaten.file.regulation)),
    findings: inReadingOrder(findings),
    unreadable: false,
  };
}

/** What was allocated under an old name is read as the new one's. */
function withRenames(files: InventoryFiles): InventoryFiles {
  const things = [...files.perangkatDaerah, ...files.vps];
  const renames = renamesOf(things.map(({ name, file }) => ({ name, was: file.was })));
  return { ...files, lock: renameLock(files.lock, renames) };
}

function stop(findings: readonly Diagnostic[]): LoadResult {
  return { findings: inReadingOrder(findings), unreadable: false };
}

function readAll(
  folder: string,
  files: readonly FoundFile[],
): { texts: UnwrittenFile[]; findings: Diagnostic[] } {
  const texts: UnwrittenFile[] = [];
  const findings: Diagnostic[] = [];
  for (const file of files) {
    const text = readText(folder, file);
    if (typeof text === "string") texts.push({ ...file, text });
    else findings.push(text);
  }
  return { texts, findings };
}

interface ParsedFile extends FoundFile {
  readonly yaml: ParsedYaml;
}

interface ParsedFiles {
  readonly files: readonly ParsedFile[];
  readonly lock: Lock;
  readonly trustAnchors: Lock;
  readonly findings: readonly Diagnostic[];
}

const NO_LINES: Lock = { entries: new Map() };

async function parseAll(texts: readonly UnwrittenFile[]): Promise<ParsedFiles> {
  const files: ParsedFile[] = [];
  const findings: Diagnostic[] = [];
  const lines = { lock: NO_LINES, "trust-anchors": NO_LINES };
  for (const { text, ...file } of texts) {
    if (file.kind === "lock" || file.kind === "trust-anchors") {
      const parsed = parseLock(file.path, text);
      lines[file.kind] = parsed.lock;
      findings.push(...parsed.findings);
      continue;
    }
    const yaml = await parseYaml(file.path, text);
    if (Array.isArray(yaml)) findings.push(...yaml);
    else files.push({ ...file, yaml });
  }
  return { files, lock: lines.lock, trustAnchors: lines["trust-anchors"], findings };
}

function validateAll(
  name: string,
  { files, lock, trustAnchors }: ParsedFiles,
  around: Pick<InventoryFiles, "regulations" | "neighbours">,
): { files?: InventoryFiles; findings: Diagnostic[] } {
  const findings: Diagnostic[] = [];
  const entries = <T>(
    kind: FoundFile["kind"],
    schema: Parameters<typeof validate<T>>[0],
  ): Entry<T>[] =>
    files
      .filter((file) => file.kind === kind)
      .flatMap(({ stem, yaml }) => {
        const result = validate(schema, yaml);
        findings.push(...result.findings);
        return result.value === undefined
          ? []
          : [{ name: stem, file: result.value, source: yaml.source }];
      });
  const [kabupaten] = entries("kabupaten", kabupatenSchema);
  const [topology] = entries("topology", topologySchema);
  const perangkatDaerah = entries("perangkat-daerah", perangkatDaerahSchema);
  const desa = entries("desa", desaSchema);
  const vps = entries("vps", vpsSchema);
  const colocation = entries("colocation", colocationSchema);
  if (findings.length > 0 || kabupaten === undefined || topology === undefined) return { findings };
  return {
    files: {
      name,
      kabupaten,
      topology,
      perangkatDaerah,
      desa,
      vps,
      colocation,
      lock,
      trustAnchors,
      ...around,
    },
    findings,
  };
}

/** The folder must be there, and named by a slug: it must not lead elsewhere. */
function checkFolder(directory: string, kabupaten: string): Diagnostic | undefined {
  const slug = parseSlug(kabupaten);
  if (!(slug instanceof Fault) && canBeListed(join(directory, kabupaten))) return undefined;
  const others = kabupatenIn(directory);
  const meant = nearest(kabupaten, others);
  return {
    id: "kabupaten-not-found",
    severity: "error",
    what: `there is no kabupaten ${JSON.stringify(kabupaten)} in ${directory}`,
    why:
      others.length === 0
        ? "the folder is missing, or holds no kabupaten"
        : `there are: ${others.join(", ")}`,
    fix:
      meant === undefined
        ? "name one with --kabupaten, the folder with --inventory, or begin one with npx simpul init CODE"
        : `write --kabupaten ${meant}`,
  };
}

/** A folder itself, not a link to one, whose names may be read. */
function canBeListed(folder: string): boolean {
  try {
    return lstatSync(folder).isDirectory() && readdirSync(folder).length >= 0;
  } catch {
    return false;
  }
}

function kabupatenIn(directory: string): string[] {
  return namesIn(directory)
    .filter((name) => namesIn(join(directory, name)).includes("kabupaten.yaml"))
    .toSorted();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
