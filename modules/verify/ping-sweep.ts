import type { Engine } from "../engine/docker-engine.ts";
import { runInside } from "./run-inside.ts";

/** One question: does this address answer when asked from that one? Without a source the system chooses. */
export interface Ping {
  readonly source?: string;
  readonly target: string;
}

export interface PingAnswer extends Ping {
  /** Milliseconds; absent when nothing came back. */
  readonly rtt?: number;
  /** Packets that were sent; more than one when the first was lost. */
  readonly sent: number;
  /** Of a lost one: what a router on the way or the kernel said. */
  readonly said: string;
}

/** Pings that one container has in the air at the same time. */
const AT_ONCE = 40;

/**
 * Asks all targets from one container, by one execution, with the reason of each that is lost: silence costs one
 * second for each forty. For many targets of a router there is router-sweep.ts.
 * @param tries packets before an address counts as silent; the first of a new neighbour may be lost to address resolution
 */
export async function pingAll(
  engine: Engine,
  container: string,
  pings: readonly Ping[],
  tries: 1 | 2,
): Promise<readonly PingAnswer[]> {
  if (pings.length === 0) return [];
  const { stdout } = await runInside(
    engine,
    container,
    sweepScript(pings, tries),
    30 + pings.length,
  );
  return parseSweep(pings, stdout);
}

/** Addresses come from the plan and are canonical: nothing in them needs quoting. */
export function sweepScript(pings: readonly Ping[], tries: number): string {
  const lines = pings.map(
    ({ source, target }, index) =>
      `ask ${index} ${target} ${source === undefined ? "" : `-I ${source}`} &` +
      (index % AT_ONCE === AT_ONCE - 1 ? "\nwait" : ""),
  );
  return `LC_ALL=C
ask() {
  local index=$1 target=$2 said='' try
  shift 2
  for ((try = 1; try <= ${tries}; try++)); do
    if said=$(ping -n -c 1 -W 1 "$@" "$target" 2>&1); then
      [[ $said =~ time=([0-9.]+) ]] && echo "$index $try \${BASH_REMATCH[1]}"
      return
    fi
  done
  [[ $said =~ ((Destination|Network|Packet)\\ [A-Za-z\\ ]*(unreachable|Unreachable|filtered)|No\\ route|Cannot\\ assign[a-z\\ ]*|Time\\ to\\ live\\ exceeded) ]] || BASH_REMATCH=(silence silence)
  echo "$index ${tries} lost \${BASH_REMATCH[1]}"
}
${lines.join("\n")}
wait
`;
}

/** Answers in the order of the questions; a question that the output does not mention counts as lost. */
export function parseSweep(pings: readonly Ping[], output: string): readonly PingAnswer[] {
  const answers = new Map<number, Omit<PingAnswer, "source" | "target">>();
  for (const [, index, sent, rtt, said] of output.matchAll(
    /^(\d+) (\d+) ([\d.]+|lost)(?: (.*))?$/gm,
  ))
    answers.set(Number(index), {
      sent: Number(sent),
      said: said ?? "",
      ...(rtt !== "lost" && { rtt: Number(rtt) }),
    });
  return pings.map((ping, index) => ({
    ...ping,
    ...(answers.get(index) ?? { sent: 0, said: "not asked: the container did not finish" }),
  }));
}

/** The middle one of the round trips, in milliseconds; 0 when there is none. */
export function medianRtt(answers: readonly PingAnswer[]): number {
  const times = answers.flatMap(({ rtt }) => rtt ?? []).toSorted((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}
