import { ByteSize } from "../../modules/core/byte-size.ts";
import { CalendarDate } from "../../modules/core/calendar-date.ts";
import { Duration } from "../../modules/core/duration.ts";
import { Fault } from "../../modules/core/fault.ts";
import { Hostname } from "../../modules/core/hostname.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import { Rate } from "../../modules/core/rate.ts";
import { SshPublicKey } from "../../modules/core/ssh-public-key.ts";
import type { Inventory, Lock, PoolName } from "../../modules/inventory/model.ts";

/** Sizes of a made-up kabupaten. */
export interface Shape {
  readonly pops: number;
  /** Length of each agency's LAN, and the index of the POP that it hangs on. */
  readonly lans: readonly { readonly length: number; readonly pop: number }[];
  /** Owner of each VPS, as the index of an agency. */
  readonly vps: readonly number[];
}

const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxTwj/S6ucVl/pXMInCVsKqfrohum4GVhXT4QynwZLW tik@uji";

/** An inventory of this shape, as the loader would give it. */
export function buildInventory(shape: Shape, lock: Lock = { entries: new Map() }): Inventory {
  const at = () => ({ file: "uji.yaml", line: 1, column: 1 });
  const origin = { file: "uji.yaml", at };
  const pops = Array.from({ length: shape.pops }, (_, index) => `pop${index}`);
  return {
    kabupaten: {
      name: "uji",
      title: "Uji",
      code: "33.23",
      regulation: "none",
      domain: ok(Hostname.parse("ujikab.go.id")),
      timezone: "Asia/Jakarta",
      dinas: "agency-0",
      maintainers: [],
      sites: new Map(),
      engines: new Map(),
      addressing: {
        ipv4: ok(Prefix.parse("10.112.0.0/12")),
        ipv6: ok(Prefix.parse("fd12:3456:789a::/48")),
        pools: new Map(
          Object.entries(POOLS).map(([name, text]) => [name as PoolName, ok(Prefix.parse(text))]),
        ),
      },
      internet: { deny: [] },
      quota: { each: {}, agencies: new Map() },
      backup: {
        custodians: [],
        upload: ok(Rate.parse("400Mbps")),
        copyUpload: ok(Rate.parse("100Mbps")),
        copyEvery: ok(Duration.parse("10m")),
      },
      egress: [],
      evidence: { signers: [] },
      alerts: {},
      origin,
    },
    wan: {
      segments: [{ name: "backbone-a", medium: "fiber" }],
      cores: [{ name: "core-pusat-data", site: "pusat-data", segments: ["backbone-a"] }],
      pops: pops.map((name, index) => ({
        name,
        kecamatan: { code: `33.23.${String(index + 1).padStart(2, "0")}`, name },
        segments: ["backbone-a"],
        medium: "fiber",
        space: new Map(),
      })),
      links: [],
      origin,
    },
    perangkatDaerah: shape.lans.map(({ length, pop }, index) => ({
      name: `agency-${index}`,
      title: `Agency ${index}`,
      kind: "dinas",
      mandiri: false,
      contacts: { tier1: [{ name: "TIK", email: `tik@a${index}.ujikab.go.id` }], tier2: [] },
      maintainers: [],
      subdomain: `a${index}`,
      router: { at: pops[pop]!, kind: "container" },
      lan: { length, devices: 3 },
      bandwidth: ok(Rate.parse("50Mbps")),
      internet: "allowed",
      origin,
    })),
    desa: [],
    racks: [],
    vps: shape.vps.map((owner, index) => ({
      name: `vps-${index}`,
      owner: `agency-${owner}`,
      purpose: "uji",
      classification: "terbuka",
      cpu: 1,
      memory: ok(ByteSize.parse("512MiB")),
      disk: ok(ByteSize.parse("1GiB")),
      image: "debian-12",
      packages: [],
      sshKeys: [ok(SshPublicKey.parse(KEY))],
      publish: [{ name: `web-${index}`, port: 443, audience: "internet" }],
      egress: [],
      backup: {
        every: ok(Duration.parse("24h")),
        keep: { daily: 14, weekly: 8, monthly: 12 },
        paths: ["/srv"],
        databases: [],
      },
      replication: "sync",
      drc: "none",
      expires: ok(CalendarDate.parse("2027-12-31")),
      state: "active",
      origin,
    })),
    duties: [],
    lock,
    trustAnchors: { entries: new Map() },
  };
}

const POOLS: Readonly<Record<PoolName, string>> = {
  transit: "10.112.0.0/16",
  loopback: "10.113.0.0/20",
  management: "10.113.16.0/20",
  "pusat-data": "10.114.0.0/17",
  service: "10.114.128.0/17",
  drc: "10.115.0.0/16",
  "perangkat-daerah": "10.116.0.0/14",
  desa: "10.120.0.0/14",
};

function ok<T>(value: T | Fault): T {
  if (value instanceof Fault) throw new Error(value.what);
  return value;
}
