import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { isHostOf } from "../../core/interface-address.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import type { EngineEntry } from "../schema/kabupaten.ts";

type Access = Exclude<EngineEntry["internet"], "none">;

/** The way to the provider: both ends on one segment, outside our own block, and at the site that leaves. */
export function checkInternet(files: InventoryFiles): Diagnostic[] {
  const accesses = [...files.kabupaten.file.engines].flatMap(([engine, { internet }]) =>
    internet === "none" ? [] : [{ engine, internet }],
  );
  return [
    ...accesses.flatMap(({ engine, internet }) => [
      ...gateways(files, engine, internet),
      ...overlaps(files, engine, internet),
      ...unused(files, engine),
      ...ports(files, engine, internet),
      ...wideAgencies(files, engine, internet),
    ]),
    ...deniedTwice(files),
  ];
}

function gateways(files: InventoryFiles, engine: string, said: Access): Diagnostic[] {
  const { source } = files.kabupaten;
  const path = ["engines", engine, "internet"] as const;
  const both = [
    { key: "gateway", own: said.ipv4, gateway: said.gateway },
    { key: "gateway6", own: said.ipv6, gateway: said.gateway6 },
  ];
  return both.flatMap(({ key, own, gateway }) => {
    if (own === undefined && gateway === undefined) return [];
    if (own === undefined || gateway === undefined) {
      const [there, absent] = own === undefined ? ["gateway6", "ipv6"] : ["ipv6", "gateway6"];
      return [
        errorAt(
          source.at(...path, there),
          "gateway-alone",
          `internet of engine ${engine} has ${there}, and no ${absent}`,
          "a way out in IPv6 takes an address and the provider's next hop",
          `add ${absent}, or remove ${there}`,
        ),
      ];
    }
    if (gateway.text !== own.address.text && isHostOf(gateway, own.prefix)) return [];
    return [
      errorAt(
        source.at(...path, key),
        "gateway-outside",
        gateway.text === own.address.text
          ? `${key} is ${gateway.text}, the kabupaten's own address`
          : `${key} is ${gateway.text}, and no host of ${own.prefix.text}`,
        "the next hop is a neighbour on the segment towards the provider",
        `write the provider's address inside ${own.prefix.text}`,
      ),
    ];
  });
}

/** Also the pools lie in the block, so this is all that could be meant twice. */
function overlaps(files: InventoryFiles, engine: string, { ipv4, ipv6 }: Access): Diagnostic[] {
  const { file, source } = files.kabupaten;
  const both = [
    { key: "ipv4", prefix: ipv4.prefix, block: file.addressing.ipv4 },
    { key: "ipv6", prefix: ipv6?.prefix, block: file.addressing.ipv6 },
  ];
  return both
    .filter(({ prefix, block }) => prefix?.overlaps(block))
    .map(({ key, prefix, block }) =>
      errorAt(
        source.at("engines", engine, "internet", key),
        "outer-overlaps-block",
        `the provider's segment ${prefix?.text} overlaps the kabupaten's block ${block.text}`,
        "an address must be inside or outside; what is private stays unreachable from outside",
        `have the provider number the segment outside ${block.text}`,
      ),
    );
}

/** The internet leaves at one place, the Pusat Data (DESIGN section 5). */
function unused(files: InventoryFiles, engine: string): Diagnostic[] {
  const { file, source } = files.kabupaten;
  if (file.sites["pusat-data"].engine === engine) return [];
  return [
    errorAt(
      source.at("engines", engine, "internet"),
      "internet-elsewhere",
      `engine ${engine} has a way to the internet, and does not hold the site pusat-data`,
      "the internet leaves at one place, where it is filtered, translated and measured",
      `move it to engine ${file.sites["pusat-data"].engine}, or write internet: none`,
    ),
  ];
}

function ports(files: InventoryFiles, engine: string, { interface: port }: Access): Diagnostic[] {
  const { file, source } = files.kabupaten;
  if (port === undefined || file.engines.get(engine)?.uplink !== port) return [];
  return [
    errorAt(
      source.at("engines", engine, "internet", "interface"),
      "interface-twice",
      `${port} leads to the provider and is the uplink to other engines too`,
      "a port leads to one network; the provider would see our own traffic",
      "name the port that the provider's line is plugged into",
    ),
  ];
}

function wideAgencies(
  { kabupaten, perangkatDaerah }: InventoryFiles,
  engine: string,
  { bandwidth: line }: Access,
): Diagnostic[] {
  if (kabupaten.file.sites["pusat-data"].engine !== engine) return [];
  return perangkatDaerah
    .filter(
      ({ file }) =>
        file.internet === "allowed" && file.bandwidth.bitsPerSecond > line.bitsPerSecond,
    )
    .map(({ file, source }) => ({
      id: "bandwidth-above-line",
      severity: "warning",
      at: source.at("bandwidth"),
      what: `bandwidth is ${file.bandwidth.text}, and the line to the internet has ${line.text}`,
      why: "the agency can have what the line has at most",
      fix: `write ${line.text} or less, or have the provider give more`,
    }));
}

function deniedTwice(files: InventoryFiles): Diagnostic[] {
  const { file, source } = files.kabupaten;
  const { deny } = file.internet;
  return deny.flatMap(({ ports: range, protocol }, index) => {
    const earlier = deny
      .slice(0, index)
      .find(
        (other) =>
          other.ports.overlaps(range) &&
          (other.protocol === undefined || protocol === undefined || other.protocol === protocol),
      );
    return earlier === undefined
      ? []
      : [
          errorAt(
            source.at("internet", "deny", index, "ports"),
            "ports-twice",
            `ports ${range.text} are denied already, by ${earlier.ports.text}`,
            "two reasons for one refusal: which of them holds when one is removed?",
            "keep one of the two",
          ),
        ];
  });
}
