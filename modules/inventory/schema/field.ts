import * as v from "valibot";

import { Fault, type FaultReason } from "../../core/fault.ts";
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
      const value = parse(text);
      if (!(value instanceof Fault)) return value;
      const { id, why } = value.reason ?? meaning;
      addIssue({ message: pack({ id, predicate: value.predicate, why, fix: value.fix }) });
      return NEVER;
    }),
  );
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

export function flag(): v.GenericSchema<unknown, boolean> {
  return v.pipe(
    choice(["true", "false"], "it is a plain yes or no, and YAML spells that true or false"),
    v.transform((word) => word === "true"),
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
        return new Fault(`"${text}" is not a whole number`, `write it as ${meaning.example}`);
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
