import type { ProveLab } from "./prove-lab.ts";

/** One long proof: breaks something again and again, and says what came of it. */
export interface Campaign {
  readonly name: string;
  readonly description: string;
  /** Rounds unless told otherwise. */
  readonly rounds: number;
  run(run: CampaignRun): Promise<CampaignEnd>;
}

/** What a campaign is given. */
export interface CampaignRun {
  readonly lab: ProveLab;
  readonly rounds: number;
  readonly random: () => number;
  /** The engine may be killed: nobody else's containers are on it, or its owner said so. */
  readonly mayKillEngine: boolean;
  /** A line of progress. */
  readonly say: (text: string) => void;
}

/** What came of a campaign. */
export interface CampaignEnd {
  readonly rounds: number;
  /** What was not as it must be, in words; empty when all is proven. */
  readonly failures: readonly string[];
  /** Counts and times; units stand in the names. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Shortest, middle and longest of some seconds, under `<name>_min_s` and so on. */
export function spread(name: string, seconds: readonly number[]): Readonly<Record<string, number>> {
  const sorted = seconds.toSorted((a, b) => a - b);
  const [first, middle, last] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (first === undefined || middle === undefined || last === undefined) return {};
  return {
    [`${name}_min_s`]: rounded(first),
    [`${name}_median_s`]: rounded(middle),
    [`${name}_max_s`]: rounded(last),
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
