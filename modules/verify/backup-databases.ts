import type { BackupProblem } from "./backup-problem.ts";

/** Rows of each table, by `database`, `schema` and `table` with tabs between. */
export type TableCounts = ReadonlyMap<string, number>;

/** What came of loading the dumps of one snapshot into a server. */
export interface LoadedDatabases {
  readonly counts: TableCounts;
  /** Dumps without a byte. */
  readonly empty: readonly string[];
  /** Database, and what the server said. */
  readonly notLoaded: readonly { readonly database: string; readonly said: string }[];
  /** The server itself, or what all databases share. */
  readonly failed?: { readonly step: "start" | "globals"; readonly said: string };
}

/** Reads `counts.tsv`, as the runner wrote it at the moment of the dump; undefined where a line is none. */
export function readCounts(text: string): TableCounts | undefined {
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const fields = line.split("\t");
    const rows = Number(fields[3]);
    if (fields.length !== 4 || fields[3] === "" || !Number.isSafeInteger(rows)) return undefined;
    counts.set(fields.slice(0, 3).join("\t"), rows);
  }
  return counts;
}

/** Reads what `simpul-proof databases` prints. */
export function readLoaded(output: string): LoadedDatabases {
  const counts = new Map<string, number>();
  const empty: string[] = [];
  const notLoaded: { database: string; said: string }[] = [];
  let failed: LoadedDatabases["failed"];
  for (const line of output.split("\n")) {
    const [word = "", ...rest] = line.split("\t");
    if (word === "counted") {
      const [database, schema, table, rows] = rest;
      counts.set(`${database}\t${schema}\t${table}`, Number(rows));
    } else if (word.startsWith("empty ")) empty.push(word.slice("empty ".length));
    else if (word.startsWith("not-loaded "))
      notLoaded.push({ database: word.slice("not-loaded ".length), said: rest.join(" ") });
    else if (word === "failed start" || word === "failed globals")
      failed = { step: word === "failed start" ? "start" : "globals", said: rest.join(" ") };
  }
  return { counts, empty, notLoaded, ...(failed !== undefined && { failed }) };
}

const SHOWN = 3;

/** Do the databases start, and is every row there that was there at the moment of the dump? */
export function judgeDatabases(
  expected: TableCounts,
  dumped: readonly string[],
  loaded: LoadedDatabases,
): readonly BackupProblem[] {
  if (loaded.failed !== undefined) {
    const { step, said } = loaded.failed;
    const what = step === "start" ? "no server starts for the dumps" : "its roles cannot be loaded";
    return [problem(NOT_LOADED, `${what}: ${said}`)];
  }
  const broken = new Set([...loaded.empty, ...loaded.notLoaded.map(({ database }) => database)]);
  const counted = new Set([...expected.keys()].map(databaseOf));
  const missing = [...counted].filter((name) => !dumped.includes(name) && !broken.has(name));
  return [
    ...loaded.empty.map((name) => problem(EMPTY, `the dump of database ${name} is empty`)),
    ...loaded.notLoaded.map(({ database, said }) =>
      problem(NOT_LOADED, `database ${database} cannot be loaded: ${said}`),
    ),
    ...missing.map((name) =>
      problem(MISSING, `there is no dump of database ${name}, whose rows were counted`),
    ),
    ...rowProblems(expected, loaded.counts, new Set([...broken, ...missing])),
  ];
}

function rowProblems(
  expected: TableCounts,
  counts: TableCounts,
  without: ReadonlySet<string>,
): readonly BackupProblem[] {
  const differ = [...new Set([...expected.keys(), ...counts.keys()])]
    .filter((key) => !without.has(databaseOf(key)) && expected.get(key) !== counts.get(key))
    .toSorted();
  if (differ.length === 0) return [];
  const shown = differ
    .slice(0, SHOWN)
    .map(
      (key) =>
        `${key.replaceAll("\t", ".")} has ${rowsText(counts.get(key))}, and had ${rowsText(expected.get(key))}`,
    );
  const more = differ.length > SHOWN ? `; and ${differ.length - SHOWN} more` : "";
  return [problem(ROWS, `${shown.join("; ")}${more}`)];
}

function rowsText(rows: number | undefined): string {
  return rows === undefined ? "no such table" : `${rows} rows`;
}

function databaseOf(key: string): string {
  return key.slice(0, key.indexOf("\t"));
}

interface Kind {
  readonly id: string;
  readonly why: string;
}

const EMPTY: Kind = {
  id: "backup-database-empty",
  why: "an empty dump is no dump, whatever the exit code of the program that wrote it",
};
const NOT_LOADED: Kind = {
  id: "backup-database-not-loaded",
  why: "the dump was loaded into a server of its own, as one would have to in an emergency",
};
const MISSING: Kind = {
  id: "backup-database-missing",
  why: "rows and dump are taken from one moment of the server, so where one is, the other must be",
};
const ROWS: Kind = {
  id: "backup-database-rows",
  why: "every row of the loaded dump was counted and compared with the count at the moment of the dump",
};

function problem({ id, why }: Kind, what: string): BackupProblem {
  return {
    ...{ id, severity: "error", what, why },
    fix: "look at the runner's console for what the dump said, then take a backup and prove it: simpul backup run, simpul verify backup",
  };
}
