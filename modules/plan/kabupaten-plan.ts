import type { Address } from "../core/address.ts";
import type { DualAddress, DualPrefix } from "../core/dual.ts";
import type { Prefix } from "../core/prefix.ts";
import type { Allocation } from "./allocation.ts";
import type { BackupPlan } from "./backup-plan.ts";
import type { DnsPlan } from "./dns-plan.ts";
import type { DrcPlan } from "./drc-plan.ts";
import type { FailoverPlan } from "./failover-plan.ts";
import type { EdgePlan } from "./edge-plan.ts";
import type { ManagementPlan, RouterPlan } from "./router-plan.ts";
import type { ColocatedServerPlan, VpsPlan } from "./vps-plan.ts";

/** Everything that is decided about one kabupaten: what renderers, constructs and checks translate. */
export interface KabupatenPlan {
  /** Slug: `temanggung`. */
  readonly name: string;
  readonly title: string;
  readonly domain: string;
  /** The whole address block; nothing outside it is ours. */
  readonly block: DualPrefix;
  readonly management: ManagementPlan;
  /** Sorted by key. */
  readonly allocations: readonly Allocation[];
  /** ASN of each router, by its key in the lock. */
  readonly asns: ReadonlyMap<string, number>;
  /** In the order in which they are built; each names the stacks it needs. */
  readonly stacks: readonly StackPlan[];
  readonly segments: readonly SegmentPlan[];
  readonly routers: readonly RouterPlan[];
  readonly vps: readonly VpsPlan[];
  /** Agencies' own servers in racks, sorted by name. */
  readonly colocation: readonly ColocatedServerPlan[];
  readonly dns: DnsPlan;
  /** Absent where nothing is published through it. */
  readonly edge?: EdgePlan;
  /** Absent where the DRC is no site of the network. */
  readonly drc?: DrcPlan;
  /** Absent where no database has a standby. */
  readonly failover?: FailoverPlan;
  /** Absent where nothing is backed up. */
  readonly backup?: BackupPlan;
  /** Towards the provider; absent where nothing leads to the internet. */
  readonly outer?: OuterSegmentPlan;
}

/** One Terraform state: a failure domain. */
export interface StackPlan {
  /** `backbone`, `kecamatan-parakan`, `pusat-data`, `dns`; the stack's id is `<kabupaten>-<name>`. */
  readonly name: string;
  /** For people: `Kecamatan Parakan: POP and 5 agencies`. */
  readonly title: string;
  readonly needs: readonly string[];
}

/** A layer 2 segment that routers and servers share: one Docker network. */
export interface SegmentPlan {
  /** `backbone-a`, `access-parakan`, `pusat-data`, or the tenant's name. */
  readonly name: string;
  readonly kind: "backbone" | "access" | "site" | "tenant" | "management";
  readonly stack: string;
  readonly prefix: DualPrefix;
  /** The engine's own address on it, the last host: kept apart from ours, and cut off by the host firewall. */
  readonly engineAddress: DualAddress;
  /** Linux bridge on the engine's host; at most 15 characters. */
  readonly bridge: string;
}

/** The segment between the exit and the provider: one Docker network, numbered by the provider. */
export interface OuterSegmentPlan {
  readonly name: string;
  readonly stack: string;
  /** Port of the engine's host that it is bound to; an isolated bridge when absent. */
  readonly interface?: string;
  readonly ipv4: OuterNetwork;
  readonly ipv6?: OuterNetwork;
  /** As `SegmentPlan.bridge`; where there is no port. */
  readonly bridge: string;
}

export interface OuterNetwork {
  readonly prefix: Prefix;
  /** What Docker believes to be the gateway; neither ours nor, where there is room, the provider's. */
  readonly engineAddress: Address;
}
