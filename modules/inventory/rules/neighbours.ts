import type { Diagnostic } from "../../core/diagnostic.ts";
import { engineIdentity } from "../engine-identity.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import type { Neighbour, WrittenPrefix } from "../neighbours.ts";

/**
 * Kabupaten that share an engine have address blocks of their own (DESIGN section 3); an error in the files of both.
 * One warning in all for those of which one still is as `simpul init` wrote it: that engine is a guess, too.
 */
export function checkNeighbours({ name, kabupaten, neighbours }: InventoryFiles): Diagnostic[] {
  const { file, source } = kabupaten;
  const engines = ownEngines(file);
  const isBegun = [file.sites["pusat-data"], file.sites.drc].some(
    (site) => site?.location.placeholder === true || site?.capacity.placeholder === true,
  );
  return (["ipv4", "ipv6"] as const).flatMap((family) => {
    const ours = { prefix: file.addressing[family], at: source.at("addressing", family) };
    const sharers = neighbours.flatMap((neighbour) => {
      const theirs = neighbour[family];
      const engine = neighbour.engines.find((each) => engines.has(each));
      if (engine === undefined || theirs?.prefix.overlaps(ours.prefix) !== true) return [];
      return [{ ...neighbour, theirs, engine, isGuess: isBegun || neighbour.isBegun }];
    });
    const guesses = sharers.filter(({ isGuess }) => isGuess);
    return [
      ...sharers
        .filter(({ isGuess }) => !isGuess)
        .flatMap(({ theirs, engine, name: other }) => [
          overlap(ours, theirs, other, engine),
          overlap(theirs, ours, name, engine),
        ]),
      ...(guesses.length > 0 ? [guessedOverlap(ours, guesses)] : []),
    ];
  });
}

function ownEngines({ sites, engines }: InventoryFiles["kabupaten"]["file"]): ReadonlySet<string> {
  const used = [sites["pusat-data"], sites.drc].flatMap((site) => site?.engine ?? []);
  return new Set(used.map((name) => engineIdentity(engines.get(name)?.host)));
}

const WORDS = {
  id: "block-overlap",
  why: "an engine has one network for one prefix, and routes of one kabupaten would lead to the other",
  fix: "give one of them another block, or an engine of its own under engines and sites",
};

function overlap(
  { prefix, at }: WrittenPrefix,
  theirs: WrittenPrefix,
  name: string,
  engine: string,
): Diagnostic {
  const place = `${theirs.at.file}:${theirs.at.line}`;
  const what = `${prefix.text} overlaps ${theirs.prefix.text} of ${name} (${place}), and both run on ${engine}`;
  return { ...WORDS, severity: "error", at, what };
}

const MOST_NAMED = 4;

function guessedOverlap({ prefix, at }: WrittenPrefix, others: readonly Neighbour[]): Diagnostic {
  const named = others.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : "";
  const what = `${prefix.text} overlaps the block of ${named.join(", ")}${more}, on the same engine`;
  return { ...WORDS, severity: "warning", at, what };
}
