import type { KabupatenLab } from "./kabupaten-lab.ts";

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

/** Seconds between two pings of a flow. */
const INTERVAL = 0.02;

/** Pings on all flows at once, every 20 ms, for this long; what `meanwhile` does happens to them. */
export async function flood(
  lab: KabupatenLab,
  flows: readonly Flow[],
  seconds: number,
  meanwhile: () => Promise<unknown>,
): Promise<readonly Loss[]> {
  const sent = Math.round(seconds / INTERVAL);
  // Only answers have a `ttl`; errors have none. One write at the end: dockerd is not to carry each line.
  const script = `ping -n -i ${INTERVAL} -c ${sent} -W 1 -I "$1" "$2" | sed -n 's/.*icmp_seq=\\([0-9]*\\) ttl=.*/\\1/p'`;
  const running = flows.map(async ({ name, container, source, target }) => {
    const { stdout } = await lab.inside(container, "bash", "-c", script, "flood", source, target);
    return lossOf(name, sent, stdout);
  });
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
