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

export interface VpsPlan extends ServerPlan {
  readonly owner: string;
  /** False while it is suspended: the container is kept, stopped. */
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
