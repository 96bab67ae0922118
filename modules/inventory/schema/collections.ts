import * as v from "valibot";

import { Fault } from "../../core/fault.ts";
import { parseSlug } from "../../core/slug.ts";
import { nearest, suggestion } from "../suggestion.ts";
import { pack, wrongShape, type Complaint } from "./field.ts";

type Entries = Record<string, v.GenericSchema<unknown, unknown>>;
type MappingOf<E extends Entries> = v.GenericSchema<
  unknown,
  v.InferOutput<v.ObjectSchema<E, undefined>>
>;

/** A mapping whose keys are all known; every unknown one is reported, with the key that was probably meant. */
export function mapping<E extends Entries>(entries: E, example: string): MappingOf<E> {
  const known = Object.keys(entries);
  return v.pipe(
    shapedAsMapping(example),
    v.metadata({ example }),
    v.looseObject(entries, (issue) => pack(missing(String(issue.path?.[0]?.key), entries))),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!isMapping(dataset.value)) return;
      const input = dataset.value;
      for (const key of Object.keys(input).filter((name) => !known.includes(name)))
        addIssue({
          message: pack(unknown(key, known)),
          path: [{ type: "object", origin: "key", input, key, value: input[key] }],
        });
    }),
  ) as MappingOf<E>;
}

/** A mapping from names that the inventory chooses to values of one form; at least so many. */
export function table<T>(
  value: v.GenericSchema<unknown, T>,
  least: 0 | 1,
  example: string,
): v.GenericSchema<unknown, ReadonlyMap<string, T>> {
  return v.pipe(
    shapedAsMapping(example),
    v.metadata({ example }),
    v.record(name(), value),
    v.minEntries(
      least,
      pack({
        id: "list-empty",
        predicate: "is an empty mapping",
        why: "at least one entry is needed",
        fix: `write it as ${example}`,
      }),
    ),
    v.transform((record) => new Map(Object.entries(record))),
  ) as v.GenericSchema<unknown, ReadonlyMap<string, T>>;
}

/** A list of at least so many items. */
export function list<T>(
  item: v.GenericSchema<unknown, T>,
  least: 0 | 1,
  example: string,
): v.GenericSchema<unknown, readonly T[]> {
  return v.pipe(
    v.array(item, (issue) => pack(wrongShape(issue.input, "a list", example))),
    v.metadata({ example }),
    v.minLength(
      least,
      pack({
        id: "list-empty",
        predicate: "is an empty list",
        why: "at least one entry is needed",
        fix: `write it as ${example}`,
      }),
    ),
  ) as v.GenericSchema<unknown, readonly T[]>;
}

/** valibot's own object schemas take a list for an object. */
function shapedAsMapping(example: string): v.GenericSchema<unknown, Record<string, unknown>> {
  return v.custom<Record<string, unknown>>(isMapping, (issue) =>
    pack(wrongShape(issue.input, "a mapping", example)),
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function name(): v.GenericSchema<string, string> {
  return v.pipe(
    v.string(),
    v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
      const slug = parseSlug(dataset.value);
      if (!(slug instanceof Fault)) return slug;
      addIssue({
        message: pack({
          id: "slug-form",
          predicate: `is not a slug`,
          why: "names become part of host names, labels and paths",
          fix: slug.fix,
        }),
      });
      return NEVER;
    }),
  );
}

function missing(key: string, entries: Entries): Complaint {
  const example = v.getMetadata(entries[key]!)["example"];
  return {
    id: "key-missing",
    predicate: "is missing",
    why: "it has no default, so that nobody relies on a guess",
    fix: `add ${key}: ${String(example)}`,
  };
}

function unknown(key: string, known: readonly string[]): Complaint {
  const meant = nearest(key, known);
  return {
    ...(meant === undefined ? {} : { meant }),
    id: "unknown-key",
    predicate: "is not a known key here",
    why: "what it says would be ignored without a word",
    fix: suggestion(key, known),
  };
}
