import type { Engine } from "../engine/docker-engine.ts";
import type { Ping, PingAnswer } from "./ping-sweep.ts";
import { runInside } from "./run-inside.ts";

/** What one router asks by one execution. */
export interface Sweep {
  /** Asked once more when the first packet is lost: that of a new neighbour may be, to address resolution. */
  readonly ways: readonly Ping[];
  /** Asked by one packet: addresses that should be silent. */
  readonly foreign: readonly string[];
}

export interface SweepAnswers {
  /** In the order of the questions. */
  readonly ways: readonly PingAnswer[];
  readonly foreign: readonly PingAnswer[];
}

/**
 * Asks everything from one router by one fping, both families together: a thousand targets cost a second of waiting
 * and no process each. What a lost one met on its way is for `pingAll` to say.
 */
export async function sweepFrom(
  engine: Engine,
  container: string,
  sweep: Sweep,
): Promise<SweepAnswers> {
  const { stdout } = await runInside(engine, container, routerSweepScript(sweep), 60);
  return readRouterSweep(sweep, stdout);
}

/** Addresses come from the plan and are canonical: nothing in them needs quoting. */
export function routerSweepScript({ ways, foreign }: Sweep): string {
  const sources = [...new Set(ways.flatMap(({ source }) => source ?? []))];
  const from = sources.map((source) => ` -S ${source}`).join("");
  const lines = (targets: readonly string[]): string => targets.join("\n");
  return `LC_ALL=C
ask() { fping -C 1 -q -t 1000 -i 1${from} -f - 2>&1; }
ways='${lines(ways.map(({ target }) => target))}'
foreign='${lines(foreign)}'
said=$(ask <<<"$ways"$'\\n'"$foreign")
echo "$said"
again=
while read -r target _ rtt _; do
  if [[ $rtt == - && $'\\n'$ways$'\\n' == *$'\\n'$target$'\\n'* ]]; then again+=$target$'\\n'; fi
done <<<"$said"
if [[ -n $again ]]; then echo '== again' && ask <<<"$again"; fi
exit 0
`;
}

/** A target that the output does not mention was not asked: it counts as lost. */
export function readRouterSweep({ ways, foreign }: Sweep, output: string): SweepAnswers {
  const [first = "", again = ""] = output.split(/^== again\n/m);
  const [one, two] = [readFping(first), readFping(again)];
  const answer = ({ source, target }: Ping): PingAnswer => {
    const asked = [one.get(target), two.get(target)].filter((rtt) => rtt !== undefined);
    const rtt = asked.find((each) => each !== "lost");
    return {
      target,
      ...(source !== undefined && { source }),
      sent: asked.length,
      said: asked.length === 0 ? "not asked: the container did not finish" : "silence",
      ...(rtt !== undefined && { rtt }),
    };
  };
  return { ways: ways.map(answer), foreign: foreign.map((target) => answer({ target })) };
}

/** Milliseconds, or `lost`, by target: `10.68.74.1 : 0.142`. */
function readFping(output: string): ReadonlyMap<string, number | "lost"> {
  const lines = output.matchAll(/^(\S+)\s+: ([\d.]+|-)$/gm);
  return new Map(
    Array.from(lines, ([, target, rtt]) => [target!, rtt === "-" ? "lost" : Number(rtt)]),
  );
}
