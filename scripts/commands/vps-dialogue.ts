import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { checkAnswers } from "../../modules/inventory/scaffold/check-request.ts";
import type { VpsRequest } from "../../modules/inventory/scaffold/vps-text.ts";
import type { Output } from "../output.ts";
import { readKeys } from "./vps-keys.ts";
import type { Tried } from "./vps-request.ts";
import { wrongArgument } from "./wrong-argument.ts";

type Key = keyof VpsRequest;

interface Question {
  readonly key: Key;
  readonly flag: string;
  readonly words: string;
  /** Taken where nothing is said; without one an answer is needed. */
  readonly usual?: string;
  /** Several answers, separated by spaces or by asking again. */
  readonly isList?: boolean;
}

/** In the order of the file. */
const QUESTIONS: readonly Question[] = [
  { key: "name", flag: "--name", words: "Name of the server, as ppdb-online" },
  { key: "owner", flag: "--owner", words: "Agency that owns it, as dinas-pendidikan" },
  { key: "purpose", flag: "--purpose", words: "What it is for" },
  {
    key: "classification",
    flag: "--classification",
    words: "Class of its data: terbuka, terbatas, rahasia",
    usual: "terbatas",
  },
  { key: "cpu", flag: "--cpu", words: "Processors", usual: "1" },
  { key: "memory", flag: "--memory", words: "Memory", usual: "1GiB" },
  { key: "disk", flag: "--disk", words: "Disk", usual: "10GiB" },
  { key: "image", flag: "--image", words: "Image", usual: "debian-12" },
  { key: "ssh_keys", flag: "--ssh-key", words: "Public SSH key, or its file", isList: true },
  {
    key: "publish",
    flag: "--publish",
    words: "Port to open, as ppdb:443:internet (none)",
    usual: "",
    isList: true,
  },
  { key: "drc", flag: "--drc", words: "Standby at the DRC: none, cold, warm", usual: "none" },
  { key: "expires", flag: "--expires", words: "Last day on which it is needed, as 2027-12-31" },
];

/** Asks for what no flag says, and again for what is wrong; without a terminal it says what is missing. */
export class Dialogue {
  constructor(
    private readonly output: Output,
    private readonly isAsked: boolean,
  ) {}

  /** A request whose every field keeps to the schema; findings where nobody can be asked, undefined where they broke off. */
  async complete(
    flags: VpsRequest,
  ): Promise<VpsRequest | { readonly findings: readonly Diagnostic[] } | undefined> {
    if (!this.isAsked) return completeWithout(flags);
    let request = flags;
    for (const question of QUESTIONS) {
      const answered = await this.#ask(question, request);
      if (answered === undefined) return undefined;
      request = answered;
    }
    return request;
  }

  /** Asks again for the fields that the checks of the whole inventory refused. */
  async askAgain(
    request: VpsRequest,
    { findings, wrong }: Tried,
  ): Promise<VpsRequest | "refused" | undefined> {
    if (!this.isAsked || wrong.length === 0) return "refused";
    this.#tell(findings);
    let mended = request;
    for (const question of QUESTIONS.filter(({ key }) => wrong.includes(key))) {
      const { [question.key]: _refused, ...rest } = mended;
      const answered = await this.#ask(question, rest);
      if (answered === undefined) return undefined;
      mended = answered;
    }
    return mended;
  }

  async confirms(file: string, text: string): Promise<boolean> {
    this.output.line(`\n${text}`);
    const answer = await this.output.ask?.(`Write this to ${file}? (yes) `);
    return answer !== undefined && /^(?:yes|y|ya)?$/i.test(answer.trim());
  }

  /** What a flag said is asked for only where it is wrong. */
  async #ask(question: Question, request: VpsRequest): Promise<VpsRequest | undefined> {
    let asked = request;
    let isAnswered = request[question.key] !== undefined;
    for (;;) {
      if (isAnswered) {
        const wrong = (await checkAnswers(asked)).get(question.key) ?? [];
        if (wrong.length === 0) return asked;
        this.#tell(wrong);
      }
      const { words, usual, key } = question;
      const shown = usual === undefined || usual === "" ? words : `${words} (${usual})`;
      const answer = (await this.output.ask?.(`${shown}: `))?.trim();
      if (answer === undefined) return undefined;
      isAnswered = answer !== "" || usual !== undefined;
      if (!isAnswered) continue;
      const value = await this.#valueOf(question, answer === "" ? (usual ?? "") : answer);
      isAnswered = value !== undefined;
      if (value !== undefined) asked = { ...asked, [key]: value };
    }
  }

  async #valueOf(
    { key, isList }: Question,
    answer: string,
  ): Promise<string | readonly string[] | undefined> {
    if (isList !== true) return answer;
    if (key === "publish") return answer === "" ? [] : answer.split(/\s+/);
    const { keys, findings } = await readKeys([answer]);
    this.#tell(findings);
    return findings.length > 0 ? undefined : keys;
  }

  #tell(findings: readonly Diagnostic[]): void {
    for (const { what, fix } of findings) this.output.line(`  ${what}: ${fix}`);
  }
}

async function completeWithout(
  flags: VpsRequest,
): Promise<VpsRequest | { readonly findings: readonly Diagnostic[] }> {
  const usual = QUESTIONS.flatMap(({ key, usual: value }) =>
    value === undefined || value === "" ? [] : [[key, value] as const],
  );
  const request: VpsRequest = { ...(Object.fromEntries(usual) as VpsRequest), ...flags };
  const wrong = await checkAnswers(request);
  const findings = QUESTIONS.flatMap(({ key, flag, words }) =>
    request[key] === undefined && key !== "publish"
      ? [
          wrongArgument(
            `${flag} is missing`,
            `add ${flag}: ${words[0]!.toLowerCase()}${words.slice(1)}`,
          ),
        ]
      : (wrong.get(key) ?? []).map(({ at: _nowhereYet, ...finding }) => finding),
  );
  return findings.length > 0 ? { findings } : request;
}
