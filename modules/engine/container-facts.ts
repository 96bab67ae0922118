import type { ContainerInspect, EndpointInspect } from "./container-inspect.ts";
import { labelFacts, limitText, ordered, unordered, type Facts } from "./facts.ts";

const MEBIBYTE = 2 ** 20;

/**
 * What a container is, by inspection.
 * @param networks ids of the networks that there are, by name
 */
export function containerFacts(
  one: ContainerInspect,
  networks: ReadonlyMap<string, string>,
): Facts {
  const { Config: config, HostConfig: host, NetworkSettings: settings } = one;
  const attached = Object.entries(settings.Networks ?? {}).filter(([name]) => name !== "none");
  return new Map<string, string>([
    ["name", one.Name.replace(/^\//, "")],
    ["image", one.Image],
    ...labelFacts(Object.entries(config.Labels ?? {})),
    ...limitFacts(host),
    ["restart policy", host.RestartPolicy.Name || "no"],
    ["log", logText(host.LogConfig.Type, Object.entries(host.LogConfig.Config ?? {}))],
    ["capabilities", unordered((host.CapAdd ?? []).map(capability))],
    ["capabilities taken away", unordered((host.CapDrop ?? []).map(capability))],
    ["security options", unordered(host.SecurityOpt ?? [])],
    ["privileged", host.Privileged ? "yes" : "no"],
    ["root file system", host.ReadonlyRootfs ? "read-only" : "writable"],
    ["devices", unordered((host.Devices ?? []).map(({ PathOnHost }) => PathOnHost))],
    ["published ports", unordered(portTexts(host.PortBindings))],
    ["resolvers", unordered(host.Dns ?? [])],
    ["entrypoint", ordered(config.Entrypoint ?? [])],
    ["command", ordered(config.Cmd ?? [])],
    ["host name", config.Hostname],
    ["process namespace", host.PidMode || "own"],
    ...Object.entries(host.Sysctls ?? {}).map(sysctlFact),
    ...Object.entries(host.Tmpfs ?? {}).map(memoryFileSystemFact),
    ...(config.Env ?? []).map(environmentFact),
    ...one.Mounts.map(({ Type, Name, Source, Destination, RW }) =>
      mountFact(Destination, Type === "volume" ? (Name ?? Source) : Source, !RW),
    ),
    ...attached.map(([name, endpoint]): [string, string] => [
      networkFact(name),
      endpointText(endpoint, name, networks.get(name)),
    ]),
  ]);
}

/** `network simpul-uji-router-backbone-a`: the fact of a container's place on a network. */
export function networkFact(name: string): string {
  return `network ${name}`;
}

/** The network that a fact is about; undefined for all other facts. */
export function networkOf(fact: string): string | undefined {
  return fact.startsWith("network ") ? fact.slice("network ".length) : undefined;
}

export function addressesText(ipv4: string, ipv6: string): string {
  return [ipv4, ipv6].filter((address) => address !== "").join(" and ");
}

export function sysctlFact([key, value]: readonly [string, string]): [string, string] {
  return [`sysctl ${key}`, value];
}

export function memoryFileSystemFact([path, options]: readonly [string, string]): [string, string] {
  return [`file system in memory ${path}`, options];
}

/** `NAME=value`, as Docker and terraform write it. */
export function environmentFact(variable: string): [string, string] {
  const [name = ""] = variable.split("=", 1);
  return [`environment ${name}`, variable.slice(name.length + 1)];
}

export function mountFact(path: string, from: string, readOnly: boolean): [string, string] {
  return [`mount ${path}`, `${from}, ${readOnly ? "read-only" : "writable"}`];
}

export function logText(driver: string, options: readonly (readonly [string, string])[]): string {
  return [driver, ...options.map(([key, value]) => `${key}=${value}`).toSorted()].join(" ");
}

/** With the prefix that terraform and Docker may leave out; `ALL` has none. */
export function capability(name: string): string {
  return name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`;
}

/** Quota and period, or the older NanoCpus: the kernel sees the same. Zero is no limit. */
function processorsOf(host: {
  readonly NanoCpus: number;
  readonly CpuQuota: number;
  readonly CpuPeriod: number;
}): number {
  if (host.NanoCpus > 0) return host.NanoCpus / 1e9;
  return host.CpuQuota > 0 ? host.CpuQuota / (host.CpuPeriod || 100_000) : 0;
}

function limitFacts(host: ContainerInspect["HostConfig"]): [string, string][] {
  return [
    ["memory", limitText(host.Memory / MEBIBYTE, "MiB")],
    ["memory with swap", limitText(host.MemorySwap / MEBIBYTE, "MiB")],
    ["memory reservation", limitText(host.MemoryReservation / MEBIBYTE, "MiB")],
    ["processors", limitText(processorsOf(host))],
    ["share of processors", host.CpuShares === 0 ? "1024" : String(host.CpuShares)],
    ["processors by number", host.CpusetCpus || "all"],
    ["processes", limitText(host.PidsLimit ?? 0)],
  ];
}

/** Planned addresses count, not those that the engine happened to give: those may change with the next start. */
function endpointText(
  endpoint: EndpointInspect,
  name: string,
  present: string | undefined,
): string {
  const ours = present !== undefined || name.startsWith("simpul-");
  if (ours && endpoint.NetworkID !== "" && endpoint.NetworkID !== present)
    return "a former network of that name";
  const { IPv4Address, IPv6Address } = endpoint.IPAMConfig ?? {};
  return addressesText(
    IPv4Address || endpoint.IPAddress,
    IPv6Address || endpoint.GlobalIPv6Address,
  );
}

function portTexts(bindings: ContainerInspect["HostConfig"]["PortBindings"]): readonly string[] {
  return Object.entries(bindings ?? {}).flatMap(([port, hosts]) =>
    (hosts ?? []).map(({ HostIp, HostPort }) => portText(HostIp, HostPort, port)),
  );
}

/** `0.0.0.0:53 to 53/udp` */
export function portText(address: string, outside: string, inside: string): string {
  return `${address || "0.0.0.0"}:${outside} to ${inside}`;
}
