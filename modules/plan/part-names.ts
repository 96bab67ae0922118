/** Segment and gateway of the stations from which the Dinas manages routers (ADR-0015). */
export const MANAGEMENT = "management";
/** Tenant of the Pusat Data that holds the name servers and resolvers of the Dinas. */
export const NAME_SERVICE = "name-service";
/** Segment and gateway of the edges, through which servers are published. */
export const EDGE = "edge";
/** The stack that everything else hangs on. */
export const BACKBONE_STACK = "backbone";
export const PUSAT_DATA_STACK = "pusat-data";
export const DNS_STACK = "dns";
export const SERVICES_STACK = "services";
export const INTERNET_STACK = "internet";
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
