/** One who takes part: does the same work as the others of its subject, in its own way. */
export interface Contender {
  readonly name: string;
  /** What it does otherwise than the others. */
  readonly note?: string;
  /** What it gives; milliseconds where nothing is said. */
  readonly unit?: "MiB";
  /** Does the work once, with what must be ready before; gives the milliseconds of the work alone. */
  readonly run: () => Promise<number> | number;
}

/** What is compared. */
export interface Subject {
  readonly name: string;
  /** Puts things in place; `end` removes them again, also after a failure. */
  readonly begin: () => Promise<Started>;
}

export interface Started {
  /** What was measured, with its size. */
  readonly about: string;
  readonly contenders: readonly Contender[];
  /** The first of them does the work of the second: how many times as fast? */
  readonly beside?: readonly [Contender, Contender];
  /** Who could not take part, and why. */
  readonly absent?: readonly string[];
  readonly end?: () => Promise<void>;
}

/** Milliseconds of some rounds. */
export interface Figures {
  readonly contender: Contender;
  readonly times: readonly number[];
}

/** Every contender once in each round, so that a machine that slows down slows all of them; every other round backwards. */
export async function alternate(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Figures[]> {
  const times = new Map(contenders.map((each) => [each, [] as number[]]));
  for (let round = 0; round < rounds; round++)
    for (const each of round % 2 === 0 ? contenders : contenders.toReversed())
      times.get(each)!.push(await each.run());
  return contenders.map((contender) => ({ contender, times: times.get(contender)! }));
}

/** Milliseconds that the work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
