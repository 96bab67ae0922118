import type { Contender, Figures, Started } from "./contender.ts";

/** One subject as a table for docs/benchmarks.md: median, and the shortest and longest of the rounds. */
export function reportText(
  name: string,
  { about, absent = [], beside }: Pick<Started, "about" | "absent" | "beside">,
  figures: readonly Figures[],
): string {
  const rounds = figures[0]?.times.length ?? 0;
  return [
    `### ${name}`,
    `${about}. ${rounds === 1 ? "One round" : `${rounds} rounds, alternating`}.`,
    "",
    "| who | median | shortest to longest | |",
    "|---|---|---|---|",
    ...figures.map(({ contender, times }) => {
      const shown = contender.unit === "MiB" ? mebibytes : time;
      return `| ${contender.name} | ${shown(median(times))} | ${shown(Math.min(...times))} to ${shown(Math.max(...times))} | ${contender.note ?? ""} |`;
    }),
    ...(beside === undefined ? [] : [ratioLine(beside, figures)]),
    ...absent.map((why) => `| not there: ${why} | | | |`),
    "",
  ].join("\n");
}

/** Of each round, since both had the same machine in it. */
function ratioLine(
  [first, second]: readonly [Contender, Contender],
  figures: readonly Figures[],
): string {
  const timesOf = (who: Contender): readonly number[] =>
    figures.find(({ contender }) => contender === who)?.times ?? [];
  const slower = timesOf(second);
  const ratios = timesOf(first).map((time, round) => (slower[round] ?? Number.NaN) / time);
  const shown = (ratio: number): string => ratio.toFixed(2);
  return `| times as fast: ${first.name} | ${shown(median(ratios))} | ${shown(Math.min(...ratios))} to ${shown(Math.max(...ratios))} | than ${second.name}, round by round |`;
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function mebibytes(count: number): string {
  return `${count.toFixed(1)} MiB`;
}

function time(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  const seconds = milliseconds / 1000;
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}
