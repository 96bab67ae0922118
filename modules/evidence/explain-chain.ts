import type { ChainLine } from "./chain-line.ts";
import { problemAt, type ChainProblem } from "./chain-problem.ts";
import { misplacedInTime, type Anchor } from "./check-chain.ts";
import { outOfOrder } from "./out-of-order.ts";

/** The head of a chain, with its last line. */
export interface ChainHead extends Anchor {
  readonly line: string;
}

/** A place of the chain, and the line that stands for it. */
interface Link {
  readonly sequence: number;
  /** Index among the lines; undefined where it is gone. */
  readonly index: number | undefined;
  /** The line's content is not what the line after it, or a head, vouches for. */
  readonly edited: boolean;
}

/**
 * Says what was done to a chain. It walks back from the signed head: each line names the hash of the one before, so that
 * a line whose hash is asked for in vain was edited or removed, and one that nobody asks for was inserted.
 * @param lines as they stand in the files
 */
export function explainChain(
  lines: readonly ChainLine[],
  head: ChainHead | undefined,
  anchors: readonly Anchor[],
): readonly ChainProblem[] {
  const links = withBrokenLines(linksOf(lines, head, anchors), lines);
  const taken = new Set(links.map(({ index }) => index));
  const chain = links.flatMap(({ index, edited }) =>
    index === undefined || edited ? [] : [lines[index]!],
  );
  const order = links.flatMap(({ index }) => (index === undefined ? [] : [index]));
  return [
    ...links
      .filter(({ edited, index }) => edited && index !== undefined)
      .map(({ index, sequence }) => ({
        ...problemAt(lines[index!]!, "edited", "is not what was written there"),
        sequence,
      })),
    ...gone(links, lines, head),
    ...lines.flatMap((line, index) => (taken.has(index) ? [] : [foreign(line, head)])),
    ...outOfOrder(order).map((index) =>
      problemAt(lines[index]!, "reordered", "does not stand where it was written"),
    ),
    ...misplacedInTime(chain),
  ];
}

/** Every place of the chain, from the first. */
function linksOf(
  lines: readonly ChainLine[],
  head: ChainHead | undefined,
  anchors: readonly Anchor[],
): readonly Link[] {
  // Of a line that stands there twice, the first is the one.
  const byHash = new Map(lines.map(({ hash }, index) => [hash, index] as const).toReversed());
  const bySequence = indexesBySequence(lines);
  // Who rewrites a ledger signs its head anew: what was kept elsewhere and denies the lines is what counts.
  const denied = anchors.filter(({ hash }) => !byHash.has(hash));
  const said = [...anchors, ...(head === undefined ? [] : [head]), ...denied];
  const known = new Map(said.map(({ sequence, hash }) => [sequence, hash]));
  const claimed = new Set<number>();
  const links: Link[] = [];
  let wanted: string | undefined;
  for (let sequence = lastOf(lines, known); sequence >= 1; sequence--) {
    wanted = known.get(sequence) ?? wanted;
    const right = wanted === undefined ? undefined : byHash.get(wanted);
    const index =
      right !== undefined && lines[right]!.sequence === sequence && !claimed.has(right)
        ? right
        : standIn(bySequence.get(sequence), lines, byHash, claimed);
    if (index !== undefined) claimed.add(index);
    links.push({ sequence, index, edited: wanted !== undefined && index !== right });
    // What an edited line says of the one before it may be all there is to go by.
    wanted = index === undefined ? undefined : lines[index]!.previous;
  }
  return links.toReversed();
}

/** Without a head, as far as the lines themselves say. */
function lastOf(lines: readonly ChainLine[], known: ReadonlyMap<number, string>): number {
  if (known.size > 0) return Math.max(...known.keys());
  return lines.reduce((most, { sequence }) => (sequence > most ? sequence : most), 0);
}

function indexesBySequence(lines: readonly ChainLine[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const [index, { sequence, torn }] of lines.entries()) {
    if (Number.isNaN(sequence) || torn) continue;
    const same = found.get(sequence);
    if (same === undefined) found.set(sequence, [index]);
    else same.push(index);
  }
  return found;
}

/** A line with this number, the one that follows on a line that is there if there are several. */
function standIn(
  candidates: readonly number[] = [],
  lines: readonly ChainLine[],
  byHash: ReadonlyMap<string, number>,
  claimed: ReadonlySet<number>,
): number | undefined {
  const free = candidates.filter((index) => !claimed.has(index));
  return free.find((index) => byHash.has(lines[index]!.previous)) ?? free[0];
}

/** A line that is no longer readable as ours, beside where one is missing, is that one, edited. */
function withBrokenLines(links: readonly Link[], lines: readonly ChainLine[]): readonly Link[] {
  const taken = new Set(links.map(({ index }) => index));
  const found: Link[] = [];
  for (const [place, link] of links.entries()) {
    const before = found[place - 1]?.index ?? (place === 0 ? -1 : undefined);
    const after = links[place + 1]?.index;
    const beside = [
      ...(before === undefined ? [] : [before + 1]),
      ...(after === undefined ? [] : [after - 1]),
    ].find((index) => index in lines && !taken.has(index) && !lines[index]!.torn);
    if (link.index !== undefined || beside === undefined) found.push(link);
    else {
      taken.add(beside);
      found.push({ ...link, index: beside, edited: true });
    }
  }
  return found;
}

/** Places without a line, each run of them once. */
function gone(
  links: readonly Link[],
  lines: readonly ChainLine[],
  head: ChainHead | undefined,
): readonly ChainProblem[] {
  const problems: ChainProblem[] = [];
  for (let place = 0; place < links.length; place++) {
    if (links[place]!.index !== undefined) continue;
    const first = place;
    while (place + 1 < links.length && links[place + 1]!.index === undefined) place++;
    const before = first === 0 ? undefined : lines[links[first - 1]!.index!];
    const after = place + 1 === links.length ? undefined : lines[links[place + 1]!.index!];
    const count = place - first + 1;
    problems.push({
      change:
        after !== undefined
          ? "removed"
          : isHeld(head, links[place]!, count)
            ? "pending"
            : "truncated",
      file: before?.file ?? after?.file ?? "",
      number: before?.number ?? 0,
      sequence: links[first]!.sequence,
      count,
      words: count === 1 ? "is gone" : `and ${count - 1} after it are gone`,
    });
  }
  return problems;
}

/** The head is written first, and holds the line: nothing is lost. */
function isHeld(head: ChainHead | undefined, link: Link, count: number): boolean {
  return count === 1 && head !== undefined && head.line !== "" && link.sequence === head.sequence;
}

function foreign(line: ChainLine, head: ChainHead | undefined): ChainProblem {
  if (line.torn) return problemAt(line, "torn", "ends without a newline");
  const isBeyond = head !== undefined && line.sequence > head.sequence;
  const words = isBeyond ? "follows the end that was signed" : "belongs to no place of the chain";
  return problemAt(line, "inserted", words);
}
