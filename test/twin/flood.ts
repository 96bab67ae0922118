/** Pings from an address of one container to another's, in one family. */
export interface Flow {
  readonly name: string;
  readonly container: string;
  readonly source: string;
  readonly target: string;
}

export interface Loss {
  readonly flow: string;
  readonly sent: number;
  readonly lost: number;
  /** Most packets that were lost in a row. */
  readonly longestGap: number;
}

/** Runs a command in a container to its end; what it printed. */
export type RunInside = (container: string, ...command: readonly string[]) => Promise<string>;

/** Seconds between two pings of a flow. */
const INTERVAL = 0.02;
/**
 * Sent after those that count: once answered, ping waits for the last answer no longer than twice the longest way or
 * one interval, whatever `-W` says, and a machine that stalls for 20 ms at the end would look like a lost packet.
 */
const AFTERMATH = 25;

/** Pings on all flows at once, every 20 ms, for this long; what `meanwhile` does happens to them. */
export async function flood(
  run: RunInside,
  flows: readonly Flow[],
  seconds: number,
  meanwhile: () => Promise<unknown>,
): Promise<readonly Loss[]> {
  const sent = Math.round(seconds / INTERVAL);
  // Only answers have a `ttl`; errors have none. One write at the end: dockerd is not to carry each line.
  const script = `ping -n -i ${INTERVAL} -c ${sent + AFTERMATH} -W 1 -I "$1" "$2" | sed -n 's/.*icmp_seq=\\([0-9]*\\) ttl=.*/\\1/p'`;
  const running = flows.map(async ({ name, container, source, target }) =>
    lossOf(name, sent, await run(container, "bash", "-c", script, "flood", source, target)),
  );
  const [, ...losses] = await Promise.all([meanwhile(), ...running]);
  return losses;
}

function lossOf(flow: string, sent: number, answered: string): Loss {
  const numbers = new Set(answered.split("\n").map(Number));
  let [lost, gap, longestGap] = [0, 0, 0];
  for (let number = 1; number <= sent; number++) {
    gap = numbers.has(number) ? 0 : gap + 1;
    if (gap > 0) lost++;
    longestGap = Math.max(longestGap, gap);
  }
  return { flow, sent, lost, longestGap };
}
