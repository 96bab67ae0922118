import * as v from "valibot";

import { Fault, shortened, type FaultReason } from "../../core/fault.ts";
import { suggestion } from "../suggestion.ts";

/** What a field is for: said when its value is wrong (id, why) or missing (example). */
export interface Meaning extends FaultReason {
  /** As it would stand after the colon. */
  readonly example: string;
}

/** What is wrong with one field; its name and place come from the path. */
export interface Complaint extends FaultReason {
  /** Follows the field's name: `is missing`. */
  readonly predicate: string;
  readonly fix: string;
  /** Of an unknown key: the known one that was probably meant. */
  readonly meant?: string;
}

/** valibot's issues carry one text, ours carry four: they travel as JSON and `validate` unpacks them. */
export function pack(complaint: Complaint): string {
  return JSON.stringify(complaint);
}

export function unpack(message: string): Complaint {
  return JSON.parse(message) as Complaint;
}

/** One value of the inventory: a text that `parse` turns into a `T`. */
export function field<T>(
  parse: (text: string) => T | Fault,
  meaning: Meaning,
): v.GenericSchema<unknown, T> {
  return v.pipe(
    v.unknown(),
    v.metadata({ example: meaning.example }),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const text = dataset.value;
      if (typeof text !== "string" || text === "") {
        addIssue({ message: pack(wrongShape(text, "a single value", meaning.example)) });
        return NEVER;
      }
      if (TYPOGRAPHIC_QUOTES.test(text)) {
        addIssue({ message: pack(typographicQuotes(text)) });
        return NEVER;
      }
      const value = parse(text);
      if (!(value instanceof Fault)) return value;
      const { id, why } = value.reason ?? meaning;
      addIssue({ message: pack({ id, predicate: value.predicate, why, fix: value.fix }) });
      return NEVER;
    }),
  );
}

/** Word processors write these; to YAML they are letters of the value. */
const TYPOGRAPHIC_QUOTES = /^[\u2018\u201c\u201e].*[\u2019\u201d]$/u;

function typographicQuotes(text: string): Complaint {
  return {
    id: "typographic-quotes",
    predicate: `is ${shortened(text)}, in quotes that are not YAML's`,
    why: "a word processor made them; they would be part of the value",
    fix: `write "${shortened(text.slice(1, -1))}", with plain quotes`,
  };
}

/** One of a few words. */
export function choice<const Word extends string>(
  words: readonly Word[],
  why: string,
): v.GenericSchema<unknown, Word> {
  return field(
    (text) =>
      words.find((word) => word === text) ??
      new Fault(`"${text}" is not one of ${words.join(", ")}`, suggestion(text, words)),
    { id: "unknown-choice", why, example: words[0]! },
  );
}

const YES = /^(?:true|yes|y|on|1|ya)$/i;
const NO = /^(?:false|no|n|off|0|tidak)$/i;

export function flag(): v.GenericSchema<unknown, boolean> {
  return field(
    (text) => {
      if (text === "true" || text === "false") return text === "true";
      const fix = YES.test(text) ? "true" : NO.test(text) ? "false" : "true or false";
      return new Fault(`"${text}" is not one of true, false`, `write ${fix}`);
    },
    {
      id: "unknown-choice",
      why: "it is a plain yes or no, and YAML spells that true or false",
      example: "false",
    },
  );
}

/** A whole number, both ends included. */
export function wholeNumber(
  least: number,
  most: number,
  meaning: Omit<Meaning, "id">,
): v.GenericSchema<unknown, number> {
  return field(
    (text) => {
      if (!/^(?:0|[1-9]\d{0,8})$/.test(text))
        return new Fault(`"${text}" is not a whole number`, `write ${meantNumber(text, meaning)}`);
      const value = Number(text);
      return value >= least && value <= most
        ? value
        : new Fault(
            `"${text}" is not between ${least} and ${most}`,
            `write a number between ${least} and ${most}`,
          );
    },
    { id: "number-out-of-range", ...meaning },
  );
}

/** `0443` is 443 to a person, whatever it is to programs that read octal. */
function meantNumber(text: string, { example }: Pick<Meaning, "example">): string {
  return /^0+[1-9]\d{0,8}$/.test(text) ? text.replace(/^0+/, "") : `digits alone, as ${example}`;
}

/** Words for people: one line, no spaces around it. */
export function words(longest: number, example: string): v.GenericSchema<unknown, string> {
  return field(
    (text) => {
      if (text.trim() !== text)
        return new Fault(`"${text}" is a text with spaces around it`, `write ${text.trim()}`);
      return text.length <= longest
        ? text
        : new Fault(`"${text}" is longer than ${longest} characters`, "shorten it");
    },
    { id: "text-form", why: "it is shown in reports and on the portal", example },
  );
}

export function wrongShape(value: unknown, expected: string, example: string): Complaint {
  const actual =
    value === ""
      ? "empty"
      : typeof value === "string"
        ? "a single value"
        : Array.isArray(value)
          ? "a list"
          : "a mapping";
  return {
    id: value === "" ? "value-missing" : "wrong-shape",
    predicate: value === "" ? "has no value" : `is ${actual}`,
    why: `${expected} is expected here`,
    fix: `write it as ${example}`,
  };
}
