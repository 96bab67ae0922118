import type { Command } from "commander";

import { nameOf, nodesOf, textOf, type Node } from "./source-rules.ts";

/** A text of the source that tells people what to run. */
export interface Advice {
  readonly text: string;
  /** A sentence that says how to mend something: every `simpul WORD` in it is meant as a command. */
  readonly isFix: boolean;
}

/** A command line as a text names it: words as they stand, up to the end of what can be one. */
export interface NamedCommand {
  readonly words: readonly string[];
  readonly options: readonly string[];
}

/** Every text of a source file that names `simpul`, and whether it is the `fix` of a diagnostic. */
export function adviceIn(file: string, text: string): readonly Advice[] {
  const nodes = nodesOf(file, text);
  const fixes = new Set(nodes.flatMap(fixesOf).flatMap(literalsBelow));
  return nodes
    .filter((node) => node.type === "Literal" || node.type === "TemplateLiteral")
    .map((node) => ({ text: wordsOf(node), isFix: fixes.has(node) }))
    .filter((advice) => /\bsimpul /.test(advice.text));
}

/** Expressions that end up as a `fix`: of an object, or the last sentence that is handed on. */
function fixesOf(node: Node): readonly unknown[] {
  if (node.type === "Property") return nameOf(node["key"]) === "fix" ? [node["value"]] : [];
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return [];
  const given = node["arguments"] as readonly Node[];
  const sentences = given.filter((each) => literalsBelow(each).length > 0);
  return sentences.length > 1 ? [given.at(-1)] : [];
}

function literalsBelow(node: unknown): readonly Node[] {
  const { type, consequent, alternate } = (node ?? {}) as Partial<Node>;
  if (type === "ConditionalExpression")
    return [...literalsBelow(consequent), ...literalsBelow(alternate)];
  const isText = type === "TemplateLiteral" || textOf(node) !== undefined;
  return isText ? [node as Node] : [];
}

/** Text as it is written; what is put into it at run time becomes `*`. */
function wordsOf(node: Node): string {
  const quasis = node["quasis"] as readonly Node[] | undefined;
  return quasis === undefined ? (textOf(node) ?? "") : quasis.map(textOf).join("*");
}

/** `simpul backup run ppdb-online --json` and the like; a sentence goes on behind it, so only its beginning can be judged. */
export function namedCommands(text: string): readonly NamedCommand[] {
  return [...text.matchAll(/(?<![\w/.*-]|inet )simpul((?: +(?:--)?[a-z][\w-]*)+)(?![\w*])/g)].map(
    ([, line = ""]) => {
      const words = line.trim().split(/ +/);
      const firstOption = words.findIndex((word) => word.startsWith("--"));
      return {
        words: firstOption < 0 ? words : words.slice(0, firstOption),
        options: words.filter((word) => word.startsWith("--")),
      };
    },
  );
}

/**
 * What a command line names that the tree of commands has not; undefined where all is there.
 * @param isFix whether a first word that is no command is wrong, too
 */
export function missingOf(
  tree: Command,
  { words, options }: NamedCommand,
  isFix: boolean,
): string | undefined {
  let at = tree;
  for (const word of words) {
    if (at.commands.length === 0) break;
    const next = at.commands.find((each) => each.name() === word);
    // A group alone, in a sentence that goes on: `simpul host does what ...`.
    if (next === undefined) return isFix || at !== tree ? [at.name(), word].join(" ") : undefined;
    at = next;
  }
  const known = new Set(at.options.map(({ long }) => long));
  const missing = options.find((option) => at.commands.length === 0 && !known.has(option));
  return missing === undefined ? undefined : [at.name(), missing].join(" ");
}
