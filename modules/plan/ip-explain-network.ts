import type { Prefix } from "../core/prefix.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";
import { firstHostOffset } from "./segment-hosts.ts";

/** What an address is that has no allocation of its own but lies in a LAN or a segment. */
export interface NetworkPlace {
  readonly status: "allocated" | "reserved" | "engine" | "free";
  readonly what: string;
}

/** `what` names the network; `asked` is one address of it. */
export function placeInNetwork(
  asked: Prefix,
  network: Prefix,
  key: string,
  what: string,
  plan: KabupatenPlan,
): NetworkPlace {
  const offset = asked.first - network.first;
  const segment = plan.segments.find(({ name }) => isSegmentKey(key, name));
  const end = endOf(asked, network, offset);
  if (end !== undefined) return { status: "reserved", what: `${end} of ${what}` };
  if (key.startsWith("lan/")) return inLan(offset, what);
  if (segment === undefined) return { status: "free", what: `free on ${what}` };
  const { ipv4, ipv6 } = segment.engineAddress;
  if (asked.first === (asked.family === 4 ? ipv4 : ipv6).value)
    return { status: "engine", what: `the Docker engine's own address on ${what}` };
  if (offset === firstHostOffset(network))
    return { status: "reserved", what: `the first host of ${what}, given to no router` };
  return { status: "free", what: `free on ${what}` };
}

function isSegmentKey(key: string, name: string): boolean {
  return key === `transit/${name}` || key === `tenant/${name}`;
}

function inLan(offset: bigint, what: string): NetworkPlace {
  return offset === 1n
    ? { status: "allocated", what: `the router of ${what}, its first host` }
    : { status: "allocated", what: `an address for a device on ${what}, which its agency gives` };
}

/** Both ends of an IPv4 network but a /31 (RFC 3021); the first of an IPv6 one (RFC 4291 section 2.6.1) but a /127 (RFC 6164). */
function endOf({ family }: Prefix, { size }: Prefix, offset: bigint): string | undefined {
  if (size <= 2n) return undefined;
  if (offset === 0n) return family === 4 ? "the network address" : "the subnet-router anycast";
  return family === 4 && offset === size - 1n ? "the broadcast address" : undefined;
}
