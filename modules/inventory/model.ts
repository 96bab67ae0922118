import type { ByteSize } from "../core/byte-size.ts";
import type { CalendarDate } from "../core/calendar-date.ts";
import type { Place } from "../core/diagnostic.ts";
import type { Hostname } from "../core/hostname.ts";
import type { Prefix } from "../core/prefix.ts";
import type { Rate } from "../core/rate.ts";
import type { SshPublicKey } from "../core/ssh-public-key.ts";
import type { BackupPolicy, BackupSettings } from "./backup-model.ts";
import type { InternetRules } from "./internet-model.ts";
import type { Rack } from "./rack.ts";
import type { AcmeAuthority, Alerts, EvidenceSigner } from "./trust-model.ts";
import type { Engine, Site, SiteName } from "./site-model.ts";

/** Where an entry of the inventory comes from, so that every later finding can point at the very field. */
export interface Origin {
  readonly file: string;
  /** Place of the value at this path in the file; the nearest existing parent when the field is absent. */
  at(...path: readonly (string | number)[]): Place;
}

/** Everything one kabupaten's folder says, typed and with references resolved; see DESIGN section 3. */
export interface Inventory {
  readonly kabupaten: Kabupaten;
  readonly wan: Wan;
  /** Sorted by name. */
  readonly perangkatDaerah: readonly PerangkatDaerah[];
  /** Sorted by name. */
  readonly desa: readonly Desa[];
  /** Sorted by name. */
  readonly vps: readonly Vps[];
  /** What the kabupaten's own regulation asks for, in its order; none where there is no regulation. */
  readonly duties: readonly Duty[];
  /** Sorted by name. */
  readonly racks: readonly Rack[];
  readonly lock: Lock;
  /** `dns/trust-anchors.yaml`: the DS of each zone's key, keyed `ds/<zone>` without the final dot. */
  readonly trustAnchors: Lock;
}

/** Pools of the address block, each with its own purpose. */
export const POOL_NAMES = [
  "transit",
  "loopback",
  "management",
  "pusat-data",
  "service",
  "drc",
  "perangkat-daerah",
  "desa",
] as const;
export type PoolName = (typeof POOL_NAMES)[number];

export interface Kabupaten {
  /** Folder name and slug: `temanggung`. */
  readonly name: string;
  /** As written for people: `Temanggung`. */
  readonly title: string;
  /** Kemendagri code: `33.23`. */
  readonly code: string;
  /** Id of the regulation in inventory/regulations, or `none`. */
  readonly regulation: string;
  readonly domain: Hostname;
  readonly timezone: "Asia/Jakarta" | "Asia/Makassar" | "Asia/Jayapura";
  /** Slug of the agency that operates all this, the communication office; there is a file for it. */
  readonly dinas: string;
  /** Accounts that approve for the Dinas: `@kominfo/jaringan`. */
  readonly maintainers: readonly string[];
  readonly sites: ReadonlyMap<SiteName, Site>;
  readonly engines: ReadonlyMap<string, Engine>;
  readonly addressing: Addressing;
  readonly internet: InternetRules;
  readonly quota: Quota;
  readonly backup: BackupSettings;
  /** Whom every server may ask: time, package mirror. */
  readonly egress: readonly Egress[];
  /** Who vouches for names of the internet, where it is not the kabupaten's own authority. */
  readonly edge?: AcmeAuthority | undefined;
  readonly evidence: { readonly signers: readonly EvidenceSigner[] };
  readonly alerts: Alerts;
  readonly origin: Origin;
}

/** One obligation of a regulation, as findings cite it. */
export interface Duty {
  /** `temanggung-14-8` */
  readonly id: string;
  /** `guarantee`, `backup`, ... */
  readonly topic: string;
  /** `Perbup Temanggung 83/2021 pasal 14(8)` */
  readonly cited: string;
  /** What of `simpul` speaks of it, by the kind of its evidence: `verify-wan`. */
  readonly proof: readonly string[];
}

/** How much agencies may ask for; written by the Dinas, not in an agency's own file. */
export interface Quota {
  /** Of every agency that is not named. */
  readonly each: QuotaLimits;
  /** By the agency's slug; what one leaves out is as for each. */
  readonly agencies: ReadonlyMap<string, QuotaLimits>;
}

/** Without a limit where a field is absent. */
export interface QuotaLimits {
  readonly cpu?: number | undefined;
  readonly memory?: ByteSize | undefined;
  readonly disk?: ByteSize | undefined;
  /** Number of servers. */
  readonly vps?: number | undefined;
}

export interface Addressing {
  readonly ipv4: Prefix;
  readonly ipv6: Prefix;
  /** IPv4 pools; all inside `ipv4`, apart from one another. The plan cuts the IPv6 block itself. */
  readonly pools: ReadonlyMap<PoolName, Prefix>;
}

export interface Wan {
  /** Backbone segments: each joins core routers and POPs. Sorted by name. */
  readonly segments: readonly BackboneSegment[];
  readonly cores: readonly Core[];
  readonly pops: readonly Pop[];
  /** Point-to-point lines between devices outside the engines: numbered, not built. Sorted by name. */
  readonly links: readonly Link[];
  readonly origin: Origin;
}

export type Medium = "fiber" | "radio";

export interface BackboneSegment {
  /** `backbone-a`. */
  readonly name: string;
  readonly medium: Medium;
}

export interface Core {
  /** `core-pusat-data`. */
  readonly name: string;
  readonly site: SiteName;
  readonly segments: readonly string[];
}

export interface Pop {
  /** As agencies refer to it: `parakan`; the router's slug is `pop-parakan`. */
  readonly name: string;
  /** Kemendagri code and name of the kecamatan it stands in: `33.23.08`, `Parakan`. */
  readonly kecamatan: { readonly code: string; readonly name: string };
  readonly segments: readonly string[];
  /** Medium of its access segment. */
  readonly medium: Medium;
  /** Length of its share of a pool where the usual one (a 64th of the pool) does not fit: `{perangkat-daerah: /18}`. */
  readonly space: ReadonlyMap<"perangkat-daerah" | "desa" | "loopback" | "management", number>;
}

export interface Link {
  /** `menara-sumbing`. */
  readonly name: string;
  /** Slugs of the routers at its two ends. */
  readonly between: readonly [string, string];
  readonly medium: Medium;
}

export const PERANGKAT_DAERAH_KINDS = [
  "sekretariat",
  "inspektorat",
  "dinas",
  "badan",
  "kecamatan",
  "kelurahan",
  "rsud",
  "puskesmas",
  "uptd",
] as const;
export type PerangkatDaerahKind = (typeof PERANGKAT_DAERAH_KINDS)[number];

export interface PerangkatDaerah {
  /** Slug: `dinas-pendidikan`. */
  readonly name: string;
  /** The slug that it had before: what the lock has for that is its own. */
  readonly was?: string | undefined;
  /** As written for people: `Dinas Pendidikan, Pemuda dan Olahraga`. */
  readonly title: string;
  readonly kind: PerangkatDaerahKind;
  readonly mandiri: boolean;
  readonly contacts: { readonly tier1: readonly Contact[]; readonly tier2: readonly Contact[] };
  /** Accounts that approve what concerns its own servers: `@dindik-tik`. */
  readonly maintainers: readonly string[];
  /** One label under the domain: `dindikpora`. */
  readonly subdomain: string;
  readonly router: RouterSite;
  readonly lan: Lan;
  /** To the internet, each way. */
  readonly bandwidth: Rate;
  /** Whether its LAN may open connections to the internet, where the kabupaten has a way there. */
  readonly internet: "allowed" | "none";
  readonly origin: Origin;
}

export interface Contact {
  readonly name: string;
  readonly email: string;
  readonly phone?: string;
}

/** Where an agency's or a desa's router hangs and what it is. */
export type RouterSite =
  | { readonly at: string; readonly kind: "container" }
  | {
      readonly at: string;
      readonly kind: "external";
      readonly address: string;
      readonly platform: "routeros" | "frr" | "bird";
    };

export interface Lan {
  /** Length of the IPv4 prefix: 24 for `/24`. The IPv6 LAN is always a /64. */
  readonly length: number;
  /** Devices expected on it. */
  readonly devices: number;
}

export interface Desa {
  /** Slug: `desa-parakan-kauman`. */
  readonly name: string;
  /** The village's own name, which repeats between kecamatan: `Parakan Kauman`. */
  readonly title: string;
  readonly kecamatan: { readonly code: string; readonly name: string };
  /** Kemendagri code: `33.23.08.1010`; the first digit of the last part is 1 for a kelurahan, 2 for a desa. */
  readonly code: string;
  readonly status: "active" | "planned";
  readonly router: RouterSite;
  readonly lan: Lan;
  readonly origin: Origin;
}

export type Audience = "internet" | "intranet" | readonly string[];

export interface Vps {
  /** Slug: `ppdb-online`. */
  readonly name: string;
  /** The slug that it had before: what the lock has for that is its own. */
  readonly was?: string | undefined;
  /** Slug of the agency. */
  readonly owner: string;
  readonly purpose: string;
  readonly classification: "terbuka" | "terbatas" | "rahasia";
  /** Virtual processors, a multiple of 0.25. */
  readonly cpu: number;
  readonly memory: ByteSize;
  readonly disk: ByteSize;
  /** Name in the catalogue of images: `debian-12`. */
  readonly image: string;
  /** Debian packages beyond those of the image. */
  readonly packages: readonly string[];
  readonly sshKeys: readonly SshPublicKey[];
  readonly publish: readonly Publication[];
  /** Whom it may ask, beside the resolvers and what the kabupaten lets every server ask. */
  readonly egress: readonly Egress[];
  readonly backup: BackupPolicy;
  readonly drc: "none" | "cold" | "warm";
  /** Whether a write of its database waits for the standby (ADR-0036). */
  readonly replication: "sync" | "async";
  readonly expires: CalendarDate;
  readonly state: "active" | "suspended" | "archived";
  /** The last backup before the server goes, proven: what its archiving waits for. */
  readonly finalBackup?: FinalBackup | undefined;
  /** Why there is none, where its owner gives the data up. */
  readonly withoutBackup?: string | undefined;
  readonly origin: Origin;
}

/** A snapshot that was restored and compared before anybody relied on it. */
export interface FinalBackup {
  /** Its id in the backup repository: `4f2a9c1e`. */
  readonly snapshot: string;
  /** On which it was proven. */
  readonly date: CalendarDate;
  /** Of the manifest of its files, 64 hexadecimal digits. */
  readonly sha256: string;
}

export interface Publication {
  /** A label under the owner's subdomain: `ppdb` is `ppdb.dindikpora.<domain>`. */
  readonly name: string;
  /** TCP port at which it is asked for; 80 and 443 are the web, which the edge answers. */
  readonly port: number;
  readonly audience: Audience;
  /** Port on which the VPS listens. */
  readonly to?: number | undefined;
  /** Who holds the certificate: the edge (unless written), or the server itself. */
  readonly tls?: "edge" | "server" | undefined;
  /** How the server learns who asks: X-Forwarded-For (unless written), or the PROXY protocol. */
  readonly client?: "header" | "proxy-protocol" | undefined;
  /** Path that answers 2xx or 3xx while the service is well. */
  readonly health?: string | undefined;
  /** Requests per second. */
  readonly limit?:
    | { readonly per_client?: number | undefined; readonly total?: number | undefined }
    | undefined;
}

/** One permitted question of a server. */
export interface Egress {
  readonly to: EgressTarget;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

export type EgressTarget =
  | { readonly kind: "internet" }
  | { readonly kind: "prefix"; readonly prefix: Prefix }
  | { readonly kind: "vps"; readonly name: string };

/** `ip-plan.lock.yaml`: what is allocated and must not move, keyed `kind/owner/name`. */
export interface Lock {
  readonly entries: ReadonlyMap<string, LockEntry>;
}

export interface LockEntry {
  /** The line's value: `10.68.3.0/24 fd33:23a5:71c0:8003::/64`, or an ASN. */
  readonly value: string;
  readonly at: Place;
}
