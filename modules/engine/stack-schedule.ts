/** Something that waits for others of its kind, by name. */
export interface Scheduled {
  readonly name: string;
  readonly needs: readonly string[];
}

/** What became of one item: done, failed, or never begun because of the named ones (or of an interrupt: none named). */
export type Fate<R> =
  | { readonly kind: "done"; readonly result: R }
  | { readonly kind: "failed"; readonly result: R }
  | { readonly kind: "not-tried"; readonly because: readonly string[] };

export interface ScheduleOptions<T, R> {
  /** How many at once. */
  readonly limit: number;
  readonly work: (item: T) => Promise<R>;
  readonly succeeded: (result: R) => boolean;
  readonly interrupt?: AbortSignal | undefined;
}

/**
 * Works through items in the order of their needs, independent ones at once. A failed item stops only those that need
 * it, directly or not. A need that is not among the items counts as met: it did not have to be touched.
 */
export async function schedule<T extends Scheduled, R>(
  items: readonly T[],
  options: ScheduleOptions<T, R>,
): Promise<ReadonlyMap<string, Fate<R>>> {
  const known = new Set(items.map(({ name }) => name));
  const fates = new Map<string, Fate<R>>();
  const waiting = new Set(items);
  const running = new Set<Promise<void>>();
  const mistakes: unknown[] = [];

  const begin = (item: T): void => {
    waiting.delete(item);
    const run = options
      .work(item)
      .then((result) => {
        fates.set(item.name, { kind: options.succeeded(result) ? "done" : "failed", result });
      })
      .catch((error: unknown) => mistakes.push(error))
      .then(() => void running.delete(run));
    running.add(run);
  };
  const giveUp = (item: T, because: readonly string[]): void => {
    waiting.delete(item);
    fates.set(item.name, { kind: "not-tried", because });
  };

  while (waiting.size > 0 || running.size > 0) {
    if (mistakes.length > 0) break;
    for (const item of waiting) {
      const needs = item.needs.filter((need) => known.has(need));
      const lost = needs.filter((need) => (fates.get(need) ?? DONE).kind !== "done");
      if (lost.length > 0) giveUp(item, lost);
      else if (options.interrupt?.aborted) giveUp(item, []);
      else if (needs.every((need) => fates.has(need)) && running.size < options.limit) begin(item);
    }
    if (running.size > 0) await Promise.race(running);
    else if (waiting.size > 0 && !canGoOn(waiting, fates, known))
      throw new Error(`needs form a circle: ${[...waiting].map(({ name }) => name).join(", ")}`);
  }
  // Work that throws is our own mistake; what was begun ends all the same before anybody hears of it.
  await Promise.all(running);
  if (mistakes.length > 0) throw mistakes[0];
  return fates;
}

const DONE = { kind: "done" } as const;

function canGoOn(
  waiting: ReadonlySet<Scheduled>,
  fates: ReadonlyMap<string, unknown>,
  known: ReadonlySet<string>,
): boolean {
  return [...waiting].some(({ needs }) =>
    needs.every((need) => fates.has(need) || !known.has(need)),
  );
}

/** The same work from the far end: who was needed waits for those that needed it. */
export function reversed<T extends Scheduled>(items: readonly T[]): readonly T[] {
  return items.toReversed().map((item) => ({
    ...item,
    needs: items.filter(({ needs }) => needs.includes(item.name)).map(({ name }) => name),
  }));
}
