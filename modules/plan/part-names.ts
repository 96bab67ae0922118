/** Segment and gateway of the stations from which the Dinas manages routers (ADR-0015). */
export const MANAGEMENT = "management";
/** Tenant of the Pusat Data that holds the name servers and resolvers of the Dinas. */
export const NAME_SERVICE = "name-service";
/** Segment and gateway of the edges, through which servers are published. */
export const EDGE = "edge";
/** Segment, gateway and stack of the backup server at the Pusat Data, and of the runners beside each server. */
export const BACKUP = "backup";
/** Segment and gateway of the backup server at the DRC. */
export const BACKUP_DRC = "backup-drc";
/** Backup servers, by site. */
export const BACKUP_SERVERS = { "pusat-data": "cadangan", drc: "cadangan-drc" } as const;
/** Brings what the Pusat Data's backup server has to the DRC's. */
export const BACKUP_COPIER = "salinan-drc";
/** The two ends of the copies of volumes: the one sends, the one at the DRC fetches. */
export const REPLICAS = { "pusat-data": "replica-source", drc: "replica-drc" } as const;
/** TCP, of SSH. Not below 1024: the server needs no right for it (images/replica/sshd_config). */
export const REPLICA_PORT = 2222;
/** TCP, for TLS. Not below 1024: the server needs no right for it. */
export const BACKUP_PORT = 8443;
/** Segment and gateway of the voter at a POP. */
export const WITNESS = "witness";
/** Who says where a database is primary: at the Pusat Data, at the DRC, at a POP. */
export const VOTERS = ["voter-pusat-data", "voter-drc", "voter-pop"] as const;
export const VOTER_PORT = 7411;
/** The stack that everything else hangs on. */
export const BACKBONE_STACK = "backbone";
export const PUSAT_DATA_STACK = "pusat-data";
export const DNS_STACK = "dns";
export const SERVICES_STACK = "services";
export const BACKUP_STACK = "backup";
export const INTERNET_STACK = "internet";
/** Everything at the DRC but its core routers. */
export const DRC_STACK = "drc";

/** What stands at the DRC for a part of the Pusat Data: `dinas-pendidikan-drc`, `ppdb-online-drc`, `name-service-drc`. */
export function atDrc(name: string): string {
  return `${name}-drc`;
}

/** Name of the stack that holds a POP and everything behind it. */
export function kecamatanStack(pop: string): string {
  return `kecamatan-${pop}`;
}

/** Name of the segment behind a POP. */
export function accessSegment(pop: string): string {
  return `access-${pop}`;
}
