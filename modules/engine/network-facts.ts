import { labelFacts, labelPairs, type Facts } from "./facts.ts";
import { blocksAt, mapAt, textAt, type Attributes } from "./terraform-attributes.ts";

/** What of `docker network inspect` is read here. */
export interface NetworkInspect {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  readonly Driver: string;
  readonly EnableIPv6: boolean;
  readonly Internal: boolean;
  readonly IPAM: {
    readonly Config: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null;
  };
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Labels: Readonly<Record<string, string>> | null;
  /** Running containers on it, by id. */
  readonly Containers: Readonly<Record<string, { readonly Name: string }>> | null;
}

export function networkFacts(one: NetworkInspect): Facts {
  return new Map<string, string>([
    ["driver", one.Driver],
    ["IPv6", one.EnableIPv6 ? "on" : "off"],
    ["internal", one.Internal ? "yes" : "no"],
    ...(one.IPAM.Config ?? []).map((block) => subnetFact(block.Subnet ?? "", block.Gateway ?? "")),
    ...Object.entries(one.Options ?? {}).map(optionFact),
    ...labelFacts(Object.entries(one.Labels ?? {})),
  ]);
}

/** @param engineChosen what the engine chose by itself, taken as it is where nothing was asked for */
export function declaredNetworkFacts(attributes: Attributes, engineChosen: Facts): Facts {
  const blocks = blocksAt(attributes, "ipam_config");
  const chosen = [...engineChosen].filter(([fact]) => fact.startsWith("subnet "));
  return new Map<string, string>([
    ["driver", textAt(attributes, "driver") || "bridge"],
    ["IPv6", attributes["ipv6"] === true ? "on" : "off"],
    ["internal", attributes["internal"] === true ? "yes" : "no"],
    ...(blocks.length === 0 ? chosen : blocks.map((block) => declaredSubnet(block, engineChosen))),
    ...mapAt(attributes, "options").map(optionFact),
    ...labelFacts(labelPairs(attributes)),
  ]);
}

function declaredSubnet(block: Attributes, engineChosen: Facts): [string, string] {
  const [fact, gateway] = subnetFact(textAt(block, "subnet"), textAt(block, "gateway"));
  return [fact, textAt(block, "gateway") === "" ? (engineChosen.get(fact) ?? gateway) : gateway];
}

function subnetFact(subnet: string, gateway: string): [string, string] {
  return [`subnet ${subnet}`, gateway === "" ? "without a gateway" : `engine at ${gateway}`];
}

function optionFact([key, value]: readonly [string, string]): [string, string] {
  return [`option ${key}`, value];
}
