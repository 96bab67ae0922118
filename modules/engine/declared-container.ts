import {
  addressesText,
  capability,
  environmentFact,
  logText,
  memoryFileSystemFact,
  mountFact,
  networkFact,
  portText,
  sysctlFact,
} from "./container-facts.ts";
import { NO_DEFAULTS, type ImageDefaults } from "./container-inspect.ts";
import { ANY, labelFacts, labelPairs, limitText, ordered, unordered, type Facts } from "./facts.ts";
import {
  blocksAt,
  mapAt,
  numberAt,
  textAt,
  textsAt,
  type Attributes,
} from "./terraform-attributes.ts";

/** What host steps set, beside the provider. */
export type HostLimitOptions = ReadonlyMap<string, string> | undefined;

/**
 * What a container should be, by its terraform attributes: the same facts as those of the engine's inspection, with what
 * Docker adds where nothing was asked for.
 */
export function declaredContainerFacts(
  attributes: Attributes,
  images: ReadonlyMap<string, ImageDefaults>,
  limits: HostLimitOptions,
): Facts {
  const image = textAt(attributes, "image");
  const defaults = images.get(image) ?? NO_DEFAULTS;
  const [capabilities = {}] = blocksAt(attributes, "capabilities");
  const readOnly = attributes["read_only"] === true;
  return new Map<string, string>([
    ["name", textAt(attributes, "name")],
    ["image", image],
    ...labelFacts(labelPairs(attributes)),
    ...limitFacts(attributes, limits),
    ["restart policy", textAt(attributes, "restart") || "no"],
    [
      "log",
      logText(textAt(attributes, "log_driver") || "json-file", mapAt(attributes, "log_opts")),
    ],
    ["capabilities", unordered(textsAt(capabilities, "add").map(capability))],
    ["capabilities taken away", unordered(textsAt(capabilities, "drop").map(capability))],
    ["security options", unordered(textsAt(attributes, "security_opts"))],
    ["privileged", attributes["privileged"] === true ? "yes" : "no"],
    ["root file system", readOnly ? "read-only" : "writable"],
    ["devices", unordered(blocksAt(attributes, "devices").map((one) => textAt(one, "host_path")))],
    ["published ports", unordered(blocksAt(attributes, "ports").map(declaredPort))],
    ["resolvers", unordered(textsAt(attributes, "dns"))],
    ...startFacts(attributes, defaults),
    ["host name", textAt(attributes, "hostname") || ANY],
    ["process namespace", textAt(attributes, "pid_mode") || "own"],
    ...mapAt(attributes, "sysctls").map(sysctlFact),
    ...mapAt(attributes, "tmpfs").map(memoryFileSystemFact),
    // Later ones win: what is asked for stands over what the image brings.
    ...[...defaults.environment, ...textsAt(attributes, "env")].map(environmentFact),
    ...blocksAt(attributes, "volumes").map((one) =>
      mountFact(
        textAt(one, "container_path"),
        textAt(one, "volume_name") || textAt(one, "host_path"),
        one["read_only"] === true,
      ),
    ),
    ...blocksAt(attributes, "mounts").map((one) =>
      mountFact(textAt(one, "target"), textAt(one, "source"), one["read_only"] === true),
    ),
    ...declaredNetworks(attributes),
  ]);
}

/** An entrypoint of its own takes the image's command away, too. */
function startFacts(attributes: Attributes, image: ImageDefaults): [string, string][] {
  const entrypoint = textsAt(attributes, "entrypoint");
  const command = textsAt(attributes, "command");
  const inherited = entrypoint.length > 0 ? [] : image.command;
  return [
    ["entrypoint", ordered(entrypoint.length > 0 ? entrypoint : image.entrypoint)],
    ["command", ordered(command.length > 0 ? command : inherited)],
  ];
}

function limitFacts(attributes: Attributes, limits: HostLimitOptions): [string, string][] {
  const memory = numberAt(attributes, "memory");
  // Docker gives as much swap again where none is asked for.
  const swap = numberAt(attributes, "memory_swap") || memory * 2;
  const shares = numberAt(attributes, "cpu_shares") || 1024;
  return [
    ["memory", limitText(memory, "MiB")],
    ["memory with swap", limitText(swap, "MiB")],
    ["memory reservation", limitText(numberAt(attributes, "memory_reservation"), "MiB")],
    ["processors", limitText(Number(limits?.get("cpus") ?? 0))],
    ["share of processors", String(shares)],
    ["processors by number", textAt(attributes, "cpu_set") || "all"],
    ["processes", limitText(Number(limits?.get("pids") ?? 0))],
  ];
}

function declaredNetworks(attributes: Attributes): [string, string][] {
  const networks = blocksAt(attributes, "networks_advanced");
  const mode = textAt(attributes, "network_mode") || "bridge";
  if (networks.length === 0 && mode !== "none") return [[networkFact(mode), ANY]];
  return networks.map((one) => [
    networkFact(textAt(one, "name")),
    addressesText(textAt(one, "ipv4_address"), textAt(one, "ipv6_address")) || ANY,
  ]);
}

function declaredPort(port: Attributes): string {
  const inside = `${numberAt(port, "internal")}/${textAt(port, "protocol") || "tcp"}`;
  return portText(textAt(port, "ip"), String(numberAt(port, "external")), inside);
}
