import { slugOf } from "../core/slug.ts";
import { compareTexts } from "../core/diagnostic.ts";
import { rackOf } from "./assemble-rack.ts";
import type { Entry, InventoryFiles } from "./inventory-files.ts";
import type { InternetAccess } from "./internet-model.ts";
import {
  POOL_NAMES,
  type Desa,
  type Duty,
  type Inventory,
  type Kabupaten,
  type PerangkatDaerah,
  type Vps,
  type Wan,
} from "./model.ts";
import type { Engine, Site, SiteName } from "./site-model.ts";
import type { DesaFile, VillageEntry } from "./schema/desa.ts";
import type { EngineEntry, KabupatenFile } from "./schema/kabupaten.ts";
import type { PerangkatDaerahFile } from "./schema/perangkat-daerah.ts";
import type { DrcEntry, SiteEntry } from "./schema/site.ts";
import type { VpsFile } from "./schema/vps.ts";

/** Sixth phase: files that fit together become the typed inventory. */
export function assemble(files: InventoryFiles, duties: readonly Duty[]): Inventory {
  return {
    kabupaten: kabupatenOf(files.name, files.kabupaten),
    wan: wanOf(files),
    perangkatDaerah: files.perangkatDaerah.map(perangkatDaerahOf).toSorted(byName),
    desa: files.desa.flatMap(desaOf).toSorted(byName),
    vps: files.vps.map(vpsOf).toSorted(byName),
    duties,
    racks: files.colocation.map(rackOf).toSorted(byName),
    lock: files.lock,
    trustAnchors: files.trustAnchors,
  };
}

/** `desa-parakan-campursalam`, unless the file says another. */
export function desaSlug(stem: string, village: VillageEntry): string {
  return village.slug ?? `desa-${stem}-${slugOf(village.name)}`;
}

/** The POP that the villages of a file hang on. */
export function popOfDesa({ name, file }: Entry<DesaFile>): string {
  return file.pop ?? name;
}

function kabupatenOf(name: string, { file, source }: Entry<KabupatenFile>): Kabupaten {
  const { name: title, sites, engines, addressing, backup, ...rest } = file;
  return {
    ...rest,
    name,
    title,
    sites: new Map(
      (["pusat-data", "drc"] as const).flatMap((site): [SiteName, Site][] => {
        const said = sites[site];
        return said === undefined ? [] : [[site, siteOf(site, said)]];
      }),
    ),
    engines: new Map([...engines].map(([engine, said]) => [engine, engineOf(engine, said)])),
    addressing: {
      ipv4: addressing.ipv4,
      ipv6: addressing.ipv6,
      pools: new Map(POOL_NAMES.map((pool) => [pool, addressing.pools[pool]])),
    },
    backup: {
      custodians: backup.custodians,
      upload: backup.upload,
      copyUpload: backup.copy.upload,
      copyEvery: backup.copy.every,
    },
    origin: source,
  };
}

function siteOf(name: SiteName, said: SiteEntry | DrcEntry): Site {
  const { engine, location, capacity, risks } = said;
  const { lat, lon } = location;
  const { cpu, memory, disk, headroom, overcommit } = capacity;
  return {
    name,
    engine,
    location: { lat, lon },
    ...(location.placeholder && { isPlaceholder: true }),
    capacity: { cpu, memory, disk, headroom, overcommit },
    risks,
    ...("copy_every" in said && { copyEvery: said.copy_every }),
    ...("minimum_distance" in said &&
      said.minimum_distance !== undefined && { minimumDistance: said.minimum_distance }),
  };
}

function engineOf(name: string, { host, uplink, internet }: EngineEntry): Engine {
  return {
    name,
    ...(host === undefined ? {} : { host }),
    ...(uplink === undefined ? {} : { uplink }),
    ...(internet === "none" ? {} : { internet: internetOf(internet) }),
  };
}

/** The rules have seen that whoever has an IPv6 address has its gateway. */
function internetOf(said: Exclude<EngineEntry["internet"], "none">): InternetAccess {
  const { interface: port, ipv4, gateway, ipv6, gateway6, bandwidth } = said;
  return {
    ...(port === undefined ? {} : { interface: port }),
    ipv4: { address: ipv4.address, prefix: ipv4.prefix, gateway },
    ...(ipv6 === undefined || gateway6 === undefined
      ? {}
      : { ipv6: { address: ipv6.address, prefix: ipv6.prefix, gateway: gateway6 } }),
    bandwidth,
  };
}

function wanOf({ topology: { file, source }, desa }: InventoryFiles): Wan {
  const kecamatanByCode = new Map(
    desa.map((entry) => [entry.file.kecamatan.code, entry.file.kecamatan]),
  );
  return {
    segments: named(file.segments),
    cores: named(file.cores),
    pops: named(file.pops).map(({ kecamatan: code, space, ...pop }) => ({
      ...pop,
      kecamatan: kecamatanByCode.get(code) ?? missingKecamatan(code),
      space: new Map(
        (["perangkat-daerah", "desa", "loopback"] as const).flatMap((pool) => {
          const length = space?.[pool];
          return length === undefined ? [] : [[pool, length] as const];
        }),
      ),
    })),
    links: named(file.links).map(({ between: [one, other], ...link }) => ({
      ...link,
      between: [one!, other!] as const,
    })),
    origin: source,
  };
}

function missingKecamatan(code: string): never {
  throw new Error(`no desa file for kecamatan ${code}: the rules should have said so`);
}

function perangkatDaerahOf({ name, file, source }: Entry<PerangkatDaerahFile>): PerangkatDaerah {
  const { name: title, lan, contacts, ...rest } = file;
  return {
    ...rest,
    name,
    title,
    contacts: { tier1: contacts.tier1.map(contactOf), tier2: contacts.tier2.map(contactOf) },
    lan: { length: lan.size, devices: lan.devices },
    origin: source,
  };
}

function contactOf({
  name,
  email,
  phone,
}: PerangkatDaerahFile["contacts"]["tier1"][number]): PerangkatDaerah["contacts"]["tier1"][number] {
  return { name, email, ...(phone === undefined ? {} : { phone }) };
}

function desaOf(entry: Entry<DesaFile>): Desa[] {
  const { kecamatan, villages } = entry.file;
  return villages.map((village, index) => ({
    name: desaSlug(entry.name, village),
    title: village.name,
    kecamatan,
    code: village.code,
    status: village.status,
    router: { at: popOfDesa(entry), ...village.router },
    lan: { length: village.lan.size, devices: village.lan.devices },
    origin: entry.source.below("villages", index),
  }));
}

function vpsOf({ file, source }: Entry<VpsFile>): Vps {
  const {
    ssh_keys: sshKeys,
    final_backup: finalBackup,
    without_backup: withoutBackup,
    ...rest
  } = file;
  return {
    ...rest,
    sshKeys,
    ...(finalBackup !== undefined && { finalBackup }),
    ...(withoutBackup !== undefined && { withoutBackup }),
    origin: source,
  };
}

function named<T extends object>(table: ReadonlyMap<string, T>): (T & { readonly name: string })[] {
  return [...table].map(([name, value]) => ({ ...value, name })).toSorted(byName);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareTexts(a.name, b.name);
}
