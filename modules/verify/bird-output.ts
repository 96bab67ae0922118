/** One protocol of BIRD as `show protocols all` tells it. */
export interface BirdProtocol {
  readonly name: string;
  /** `BGP`, `Static`, `Kernel`, ... */
  readonly kind: string;
  /** `up`, `start`, `down`. */
  readonly state: string;
  /** `Established`, `Passive`, `Active        Socket: Connection refused`, ... */
  readonly info: string;
  /** Of a BGP session with one neighbour. */
  readonly neighbour?: string;
  readonly neighbourAsn?: number;
}

export interface BirdRoute {
  readonly prefix: string;
  /** `unicast`, `unreachable`, `blackhole`, `prohibit`. */
  readonly destination: string;
  /** Name of the protocol that brought it. */
  readonly protocol: string;
  /** Of BGP routes with a path: who brought it into BGP. */
  readonly originAsn?: number;
}

const PROTOCOL = /^(\S+)\s+(\S+)\s+(\S+)\s+(up|start|down|stop|flush)\s+(\S+)\s*(.*)$/;

/** Reads `birdc show protocols all`; unknown lines are passed over. */
export function parseProtocols(output: string): readonly BirdProtocol[] {
  const protocols: BirdProtocol[] = [];
  for (const line of output.split("\n")) {
    const head = PROTOCOL.exec(line);
    if (head !== null) {
      const [, name, kind, , state, , info] = head;
      protocols.push({ name: name!, kind: kind!, state: state!, info: info!.trim() });
      continue;
    }
    const neighbour = /^\s+Neighbor address:\s+([0-9a-f.:]+)/.exec(line)?.[1];
    const asn = /^\s+Neighbor AS:\s+(\d+)/.exec(line)?.[1];
    const last = protocols.at(-1);
    if (last === undefined) continue;
    if (neighbour !== undefined) protocols[protocols.length - 1] = { ...last, neighbour };
    if (asn !== undefined) protocols[protocols.length - 1] = { ...last, neighbourAsn: Number(asn) };
  }
  return protocols;
}

const ROUTE =
  /^(\S+\/\d+)?\s+(unicast|unreachable|blackhole|prohibited|prohibit)\s+\[(\S+) [^\]]*\](?:\s+\S*)?\s+\(\S+\)(?:\s+\[(?:AS(\d+))?[^\]]*\])?/;

/** Reads `birdc show route`, with or without `all` and `filtered`: every route, not only the best ones. */
export function parseRoutes(output: string): readonly BirdRoute[] {
  const routes: BirdRoute[] = [];
  let prefix = "";
  for (const line of output.split("\n")) {
    const found = ROUTE.exec(line);
    if (found === null) continue;
    const [, net, destination, protocol, asn] = found;
    prefix = net ?? prefix;
    routes.push({
      prefix,
      destination: destination!,
      protocol: protocol!,
      ...(asn !== undefined && { originAsn: Number(asn) }),
    });
  }
  return routes;
}

/** Reads `birdc show bfd sessions`: the state (`Up`, `Init`, `Down`) by neighbour's address. */
export function parseBfd(output: string): ReadonlyMap<string, string> {
  const lines = output.matchAll(/^([0-9a-f]*[.:][0-9a-f.:]+)(?:%\S+)?\s+\S+\s+(\w+)\s/gm);
  return new Map(Array.from(lines, ([, address, state]) => [address!, state!]));
}
