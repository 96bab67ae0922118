import type { Engine } from "../engine/docker-engine.ts";
import { runInside, sections } from "./run-inside.ts";

/** One question to a name server. */
export interface Question {
  /** Absolute, with its final dot. */
  readonly name: string;
  readonly type: string;
}

export interface NameAnswer extends Question {
  /** `NOERROR`, `NXDOMAIN`, ...; `silence` when no answer came. */
  readonly status: string;
  /** Flags of the answer: `aa`, `ad`, ... */
  readonly flags: readonly string[];
  /** Data of the records of the type that was asked for, sorted. */
  readonly data: readonly string[];
  /** Milliseconds; absent when no answer came. */
  readonly rtt?: number;
}

/** Questions of one kdig, which asks them one after another. */
const BATCH = 25;
const AT_ONCE = 4;

/** What one server is asked from one address. */
export interface Inquest {
  readonly server: string;
  readonly source: string;
  readonly questions: readonly Question[];
}

/**
 * Asks several servers from one container, by one execution; answers in the order of the inquests. A server that does
 * not answer the first question is not asked the rest: everything counts as silence.
 */
export async function askAll(
  engine: Engine,
  container: string,
  inquests: readonly Inquest[],
): Promise<readonly (readonly NameAnswer[])[]> {
  const asked = inquests.map(({ server, source, questions }, at) =>
    questions.length === 0 ? "" : `echo "== ${at}"\n(${questionScript(server, source, questions)})`,
  );
  const { stdout } = await runInside(engine, container, asked.join("\n"), 120);
  const parts = sections(stdout);
  return inquests.map(({ questions }, at) => parseAnswers(questions, parts.get(`${at}`) ?? ""));
}

/** Names are validated host names of the plan, addresses canonical: nothing in them needs quoting. */
export function questionScript(
  server: string,
  source: string,
  questions: readonly Question[],
): string {
  const ask = `kdig @${server} -b ${source} +timeout=1 +retry=1 +adflag +noall +header +question +answer +stats`;
  const [first] = questions;
  const batches = Array.from({ length: Math.ceil(questions.length / BATCH) }, (_, at) =>
    questions
      .slice(at * BATCH, (at + 1) * BATCH)
      .map(({ name, type }) => `-q ${name} -t ${type}`)
      .join(" "),
  );
  // Each batch writes a file of its own: two would mix their lines.
  const runs = batches.map(
    (batch, at) =>
      `${ask} ${batch} >"$folder/${at}" 2>&1 &${at % AT_ONCE === AT_ONCE - 1 ? "\nwait" : ""}`,
  );
  return `${ask} -q ${first!.name} -t ${first!.type} >/dev/null 2>&1 || exit 0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
${runs.join("\n")}
wait
cat "$folder"/*
`;
}

/** Answers in the order of the questions, whatever order the output has. */
export function parseAnswers(
  questions: readonly Question[],
  output: string,
): readonly NameAnswer[] {
  const answers = new Map<string, NameAnswer>();
  for (const part of output.split(/^(?=;; ->>HEADER<<-)/m)) {
    const answer = parseOne(part);
    if (answer !== undefined) answers.set(keyOf(answer), answer);
  }
  return questions.map(
    (question) =>
      answers.get(keyOf(question)) ?? { ...question, status: "silence", flags: [], data: [] },
  );
}

function keyOf({ name, type }: Question): string {
  return `${name.toLowerCase()} ${type}`;
}

function parseOne(text: string): NameAnswer | undefined {
  const status = /status: (\w+)/.exec(text)?.[1];
  const flags = /^;; Flags: ([^;]*);/m.exec(text)?.[1] ?? "";
  const [, name, type] = /^;;(\S+)\s+IN\s+(\w+)\s*$/m.exec(text) ?? [];
  const rtt = /^;; From \S+ in ([\d.]+) ms/m.exec(text)?.[1];
  if (status === undefined || name === undefined || type === undefined) return undefined;
  const records = text.matchAll(/^(?!;)(\S+)\s+\d+\s+IN\s+(\w+)\s+(.*)$/gm);
  const data = Array.from(records)
    .filter(([, , of]) => of === type)
    .map(([, , , value]) => value!.trim());
  return {
    name,
    type,
    status,
    flags: flags.split(" ").filter((flag) => flag !== ""),
    data: data.toSorted(),
    ...(rtt !== undefined && { rtt: Number(rtt) }),
  };
}
