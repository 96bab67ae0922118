import type { Engine } from "../engine/docker-engine.ts";
import { CONNECT_PROGRAM } from "./connect-program.ts";
import { runInside } from "./run-inside.ts";

/** One TCP connection to try. */
export interface Connection {
  readonly family: 4 | 6;
  /** Address to bind; the system chooses when absent. */
  readonly source?: string;
  /** A canonical address or a host name. */
  readonly host: string;
  readonly port: number;
  /** Wait for the first line that the server says. */
  readonly banner: boolean;
}

export interface ConnectionAnswer {
  /**
   * `refused`: packets pass, nothing listens. `silent`: nothing came back in time, as behind a packet filter.
   * `no-route`: a router or the kernel knows no way. `no-name`: the host name has no such address.
   */
  readonly outcome: (typeof OUTCOMES)[number];
  /** What the server said first, when that was waited for. */
  readonly banner: string;
  /** Why it failed, in the kernel's words. */
  readonly said: string;
}

const OUTCOMES = ["open", "refused", "silent", "no-route", "no-name", "failed"] as const;
/** Seconds until a silent address counts as such. */
const PATIENCE = 2;

/** Tries all connections from one container, in parallel, by one execution. */
export async function connectAll(
  engine: Engine,
  container: string,
  connections: readonly Connection[],
): Promise<readonly ConnectionAnswer[]> {
  if (connections.length === 0) return [];
  const { stdout } = await runInside(engine, container, connectScript(connections), 60);
  return parseConnections(connections.length, stdout);
}

/** Hosts, sources and ports come from the plan: nothing in them needs quoting. */
export function connectScript(connections: readonly Connection[]): string {
  const lines = connections.map(({ family, source, host, port, banner }, index) => {
    const address = /[^0-9a-f.:]/.test(host) ? `$(address ${family} ${host})` : host;
    return `${index} ${family} ${port} ${banner ? 1 : 0} ${source ?? "-"} ${address}`;
  });
  return `export LC_ALL=C
address() {
  local found
  while read -r found _; do
    [[ $found == ::ffff:* ]] || { echo "$found"; return; }
  done < <(timeout 3 getent "ahostsv$1" "$2")
}
perl -e '${CONNECT_PROGRAM}' ${PATIENCE} <<LIST
${lines.join("\n")}
LIST
`;
}

/** Answers in the order of the questions; what the output does not mention did not finish. */
export function parseConnections(count: number, output: string): readonly ConnectionAnswer[] {
  const said = new Map<number, ConnectionAnswer>();
  for (const [, index, word, text] of output.matchAll(/^(\d+) ([a-z-]+) ?(.*)$/gm)) {
    const outcome = OUTCOMES.find((one) => one === word) ?? "failed";
    said.set(Number(index), {
      outcome,
      banner: outcome === "open" ? text! : "",
      said: outcome === "open" ? "" : text!,
    });
  }
  return Array.from({ length: count }, (_, index) => said.get(index) ?? UNFINISHED);
}

const UNFINISHED: ConnectionAnswer = { outcome: "failed", banner: "", said: "" };
