import type { DualAddress } from "../core/dual.ts";

/** A server behind a gateway: its place on the tenant's segment and the service address that never changes. */
export interface ServerPlan {
  readonly name: string;
  readonly stack: string;
  /** Tenant segment. */
  readonly segment: string;
  /** On the segment. */
  readonly address: DualAddress;
  /** Router of the segment, its first host. */
  readonly gateway: DualAddress;
  /** On the server's `lo`; names point here (DESIGN section 5). */
  readonly service: DualAddress;
  /** Name of the server itself: `ppdb-online.dindikpora.intra.temanggungkab.go.id`. */
  readonly hostname: string;
}

/** A server of an agency: a container with limits and a disk of its own. */
export interface TenantServerPlan extends ServerPlan {
  readonly role: "vps" | "colocation";
  readonly owner: string;
  /** False while it is suspended or off: the container is kept, stopped. */
  readonly running: boolean;
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Processes and threads at once. */
  readonly pids: number;
  /** Name in the catalogue: `debian-12`. What runs may be another: the one that it was made of. */
  readonly image: string;
  /** Debian packages beyond those of the image. */
  readonly packages: readonly string[];
  /** As the system's zone files call it: `Asia/Jakarta`. */
  readonly timezone: string;
  readonly authorizedKeys: readonly string[];
}

export interface VpsPlan extends TenantServerPlan {
  readonly role: "vps";
}

/** An agency's own server in a rack; its limits are those of the container that stands for it on an engine. */
export interface ColocatedServerPlan extends TenantServerPlan {
  readonly role: "colocation";
  readonly rack: string;
  /** `12-13`, counted from below. */
  readonly units: string;
  /** The machine itself, or not there yet: no container stands for it. */
  readonly external: boolean;
}
