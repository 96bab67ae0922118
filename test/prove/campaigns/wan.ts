import { spawn } from "node:child_process";

import { ROOT } from "../../../stacks/prepare.ts";
import type { Campaign } from "../campaign.ts";
import { lastLines } from "../prove-lab.ts";

/** What breaks segments, cores and POP uplinks below a flood of pings; each says its longest gap. */
const FAILURES = "test/twin/wan-failures.test.ts";

/** The same failures as in the tests, again and again: how long is the longest gap of each? */
export const wan: Campaign = {
  name: "wan",
  description: "segments, cores and uplinks die and are replaced below a flood of pings",
  rounds: 3,
  async run({ rounds, say }) {
    const failures: string[] = [];
    const longest = new Map<string, number>();
    for (let round = 1; round <= rounds; round++) {
      const { code, output } = await runFailures();
      const gaps = gapsIn(output);
      for (const { test, milliseconds } of gaps) {
        longest.set(test, Math.max(longest.get(test) ?? 0, milliseconds));
        say(`${round} of ${rounds}: ${test}: longest gap ${milliseconds} ms`);
      }
      if (code !== 0) failures.push(`round ${round}: ${brokenIn(output)}`);
      else if (gaps.length === 0) failures.push(`round ${round}: no gap was measured`);
    }
    const figures = [...longest].map(
      ([test, gap]) => [`${test.replaceAll(/[^a-z0-9]+/gi, "_")}_longest_gap_ms`, gap] as const,
    );
    return { rounds, failures, figures: Object.fromEntries(figures) };
  },
};

interface Gap {
  readonly test: string;
  readonly milliseconds: number;
}

/** The verbose report has a line for each test, and below it what the test noted. */
function gapsIn(output: string): readonly Gap[] {
  const gaps: Gap[] = [];
  let test = "";
  for (const line of output.split("\n")) {
    test = / > (goes on [^>]*?)(?:\s+\d+\s*ms)?$/.exec(line)?.[1] ?? test;
    const milliseconds = /longest gap (\d+) ms/.exec(line)?.[1];
    if (milliseconds !== undefined) gaps.push({ test, milliseconds: Number(milliseconds) });
  }
  return gaps;
}

function brokenIn(output: string): string {
  const broken = Array.from(output.matchAll(/^\s*FAIL\s+(.*)$/gm), ([, test]) => test!);
  return broken.length > 0 ? [...new Set(broken)].join("; ") : lastLines(output);
}

function runFailures(): Promise<{ readonly code: number; readonly output: string }> {
  const words = ["--no-install", "vitest", "run", "--project", "engine", "--reporter=verbose"];
  return new Promise((resolve, reject) => {
    const child = spawn("npx", [...words, FAILURES], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output += data.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, output }));
  });
}
