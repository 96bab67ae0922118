import type { Engine } from "../engine/docker-engine.ts";
import {
  parseBfd,
  parseProtocols,
  parseRoutes,
  type BirdProtocol,
  type BirdRoute,
} from "./bird-output.ts";
import { parseCounters } from "./nft-counters.ts";
import { runInside, sections } from "./run-inside.ts";

/** What one look into a running router tells. */
export interface RouterObservation {
  /** False when BIRD does not answer: then there are no protocols and no routes. */
  readonly birdAnswers: boolean;
  readonly protocols: readonly BirdProtocol[];
  /** State of BFD by the neighbour's address. */
  readonly bfd: ReadonlyMap<string, string>;
  readonly routes: readonly BirdRoute[];
  /** What neighbours tried to announce and the filters refused. */
  readonly refused: readonly BirdRoute[];
  /** Addresses on its interfaces, without length. */
  readonly addresses: ReadonlySet<string>;
  /** Kernel default routes; a router of ours has none. */
  readonly defaultRoutes: readonly string[];
  /** Packets that its packet filter dropped, by the counter's name. */
  readonly dropped: ReadonlyMap<string, number>;
}

/** One look: every part behind a line `== NAME`. */
export const LOOK = `
echo "== protocols"; birdc -r show protocols all 2>&1
echo "== bfd"; birdc -r show bfd sessions 2>&1
echo "== routes"; birdc -r show route 2>&1
echo "== refused"; birdc -r show route filtered 2>&1
echo "== addresses"; ip -oneline address show
echo "== defaults"; ip -4 route show default; ip -6 route show default
echo "== counters"; nft list counters table inet simpul
`;

/** All that is asked of one router, in one execution. */
export async function observeRouter(engine: Engine, container: string): Promise<RouterObservation> {
  const { stdout } = await runInside(engine, container, LOOK, 20);
  return parseRouter(stdout);
}

/** Reads the output of the look; what is missing from it counts as not there. */
export function parseRouter(output: string): RouterObservation {
  const parts = sections(output);
  const part = (name: string): string => parts.get(name) ?? "";
  return {
    birdAnswers: /^BIRD \S+ ready\./m.test(part("protocols")),
    protocols: parseProtocols(part("protocols")),
    bfd: parseBfd(part("bfd")),
    routes: parseRoutes(part("routes")),
    refused: parseRoutes(part("refused")),
    addresses: new Set(
      Array.from(part("addresses").matchAll(/ inet6? ([0-9a-f.:]+)\//g), ([, text]) => text!),
    ),
    defaultRoutes: part("defaults")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.startsWith("default ")),
    dropped: parseCounters(part("counters")),
  };
}
