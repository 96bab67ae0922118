import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { devicesOf, type DeviceEntry } from "./colocation.ts";
import { unknownReference } from "./finding.ts";

/** Kinds with ports for others' cables. */
const WITH_PORTS: readonly string[] = ["switch", "router", "firewall"];

/** Owners, sites, audiences and switches that racks and their devices name. */
export function colocationReferences({
  colocation,
  perangkatDaerah,
  kabupaten,
}: InventoryFiles): Diagnostic[] {
  const agencies = perangkatDaerah.map(({ name }) => name);
  const sites = Object.entries(kabupaten.file.sites)
    .filter(([, site]) => site !== undefined)
    .map(([name]) => name);
  const devices = devicesOf(colocation);
  return [
    ...colocation
      .filter(({ file }) => !sites.includes(file.site))
      .map(({ file, source }) =>
        unknownReference(source.at("site"), "site", file.site, "site", sites),
      ),
    ...devices.flatMap((entry) => [
      ...ofAgencies(entry, agencies),
      ...ofPorts(entry, devices),
      ...ofServer(entry, sites),
    ]),
  ];
}

function ofAgencies({ device, source }: DeviceEntry, agencies: readonly string[]): Diagnostic[] {
  const unknown = (path: (string | number)[], field: string, name: string): Diagnostic[] =>
    agencies.includes(name)
      ? []
      : [unknownReference(source.at(...path), field, name, "agency", agencies)];
  return [
    ...unknown(["owner"], "owner", device.owner),
    ...(device.server?.publish ?? []).flatMap(({ audience }, index) =>
      typeof audience === "string"
        ? []
        : audience.flatMap((agency, position) =>
            unknown(
              ["server", "publish", index, "audience", position],
              `publish[${index}].audience`,
              agency,
            ),
          ),
    ),
  ];
}

function ofPorts({ device, source }: DeviceEntry, devices: readonly DeviceEntry[]): Diagnostic[] {
  const switches = devices.filter((each) => WITH_PORTS.includes(each.device.kind));
  const names = switches.map(({ name }) => name);
  return device.ports.flatMap((port, index) =>
    names.includes(port.device)
      ? []
      : [
          unknownReference(
            source.at("ports", index),
            "the switch of a port",
            port.device,
            "switch, router or firewall in a rack",
            names,
          ),
        ],
  );
}

function ofServer({ name, device, rack, source }: DeviceEntry, sites: readonly string[]) {
  if (device.server === undefined) return [];
  const { drc } = device.server;
  return [
    ...(drc === "none" || sites.includes("drc")
      ? []
      : [
          errorAt(
            source.at("server", "drc"),
            "unknown-reference",
            `drc is ${drc}, and there is no site drc`,
            "nothing can stand ready at a site that does not exist",
            "write none, or add the site to kabupaten.yaml",
          ),
        ]),
    ...(rack.file.site === "pusat-data"
      ? []
      : [
          errorAt(
            source.at("server"),
            "server-site",
            `${name} is an agency's server in ${rack.name}, which stands at ${rack.file.site}`,
            "agencies' gateways stand at pusat-data: behind no other site is there a way to it",
            "place it in a rack of pusat-data; the DRC takes it over by drc:",
          ),
        ]),
  ];
}
