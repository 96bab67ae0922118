import type { Engine } from "../engine/docker-engine.ts";
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
  readonly outcome: "open" | "refused" | "silent" | "no-route" | "no-name" | "failed";
  /** What the server said first, when that was waited for. */
  readonly banner: string;
  /** What netcat said. */
  readonly said: string;
}

/** Seconds until a silent address counts as such. */
const PATIENCE = 2;
const AT_ONCE = 40;

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

/** Hosts, sources and ports come from the plan: nothing in them needs quoting. `-W 1` ends after the first packet. */
export function connectScript(connections: readonly Connection[]): string {
  const lines = connections.map(({ family, source, host, port, banner }, index) => {
    const how = banner ? "-W 1" : "-z";
    const bind = source === undefined ? "" : `-s ${source} `;
    const wait = index % AT_ONCE === AT_ONCE - 1 ? "\nwait" : "";
    const name = /[^0-9a-f.:]/.test(host) ? host : "-";
    return `ask ${index} ${family} ${name} -${family} ${how} ${bind}${host} ${port} &${wait}`;
  });
  return `LC_ALL=C
ask() {
  local index=$1 family=$2 name=$3 said
  shift 3
  if [[ $name != - ]] && ! timeout 3 getent "ahostsv$family" "$name" | grep -qv "^::ffff:"; then
    echo "$index nc: getaddrinfo for $name failed"
    return
  fi
  said=$(nc -v -d -w ${PATIENCE} "$@" 2>&1)
  said=\${said//$'\\r'/}
  echo "$index \${said//$'\\n'/|}|"
}
${lines.join("\n")}
wait
`;
}

/** Answers in the order of the questions. */
export function parseConnections(count: number, output: string): readonly ConnectionAnswer[] {
  const said = new Map<number, string>();
  for (const [, index, text] of output.matchAll(/^(\d+) (.*)$/gm)) said.set(Number(index), text!);
  return Array.from({ length: count }, (_, index) => toAnswer(said.get(index) ?? ""));
}

function toAnswer(text: string): ConnectionAnswer {
  const said = text.replace(/\|$/, "").replaceAll("|", "; ");
  const banner = /(?:^|\|)((?!nc: |Connection )[^|]+)\|/.exec(text)?.[1] ?? "";
  return { outcome: outcomeOf(text), banner, said };
}

function outcomeOf(text: string): ConnectionAnswer["outcome"] {
  if (/succeeded!/.test(text)) return "open";
  if (/refused/.test(text)) return "refused";
  if (/getaddrinfo|not known|name resolution/.test(text)) return "no-name";
  if (/No route|unreachable/i.test(text)) return "no-route";
  if (/timed out/.test(text)) return "silent";
  return "failed";
}
