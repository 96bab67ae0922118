import { readFile } from "node:fs/promises";

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;

/**
 * Reads `.simpul/env`: lines `export NAME=value`, what setup found out about this machine. Quotes are as in a shell,
 * and a variable stands for what it was before (`PATH=/x:"$PATH"`); nothing else is expanded: it is data, no script.
 */
export function parseEnvironment(
  text: string,
  before: Variables,
): Readonly<Record<string, string>> {
  const found = text.split("\n").flatMap((line) => {
    const [, name, value] = LINE.exec(line) ?? [];
    return name === undefined || value === undefined
      ? []
      : [[name, valueOf(value, before)] as const];
  });
  return Object.fromEntries(found);
}

type Variables = Readonly<Record<string, string | undefined>>;

// Pieces that stand side by side without a space are one word.
const PIECE = /'([^']*)'|"([^"]*)"|([^\s'"]+)/y;

function valueOf(text: string, before: Variables): string {
  let value = "";
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(text); piece !== null; piece = PIECE.exec(text))
    value += piece[1] ?? expanded(piece[2] ?? piece[3] ?? "", before);
  return value;
}

function expanded(text: string, before: Variables): string {
  return text.replaceAll(
    /\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g,
    (_, name: string) => before[name] ?? "",
  );
}

/**
 * The environment terraform runs in: this process's, with setup's on top, so that nobody has to source a file. Setup's
 * wins because a machine may bring a TF_CLI_CONFIG_FILE that points nowhere (lab).
 *
 * GOGC: a run is over before its garbage matters, and collecting it was a third of its processor time.
 */
export async function terraformEnvironment(
  file: string,
  inherited: Variables,
): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    // A connected machine with terraform and docker of its own needs no such file.
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const defined = Object.entries(inherited).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return {
    ...Object.fromEntries(defined),
    ...parseEnvironment(text, inherited),
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
    GOGC: inherited["GOGC"] ?? "400",
  };
}
