import type { Topic } from "./topic.ts";

/** Everything that `simpul verify` can be asked for, in the order of `verify all`. A new one is a file and a line here. */
export const TOPICS: readonly TopicEntry[] = [
  {
    name: "wan",
    description: "routers, BGP sessions, prefixes, and who reaches whom",
    load: async () => (await import("./wan.ts")).wan,
  },
  {
    name: "vps",
    description:
      "VPS and colocated servers: limits, who gets in, and what can be reached from inside",
    load: async () => (await import("./vps.ts")).vps,
  },
  {
    name: "dns",
    description: "zones and records on every server, and what resolvers answer",
    load: async () => (await import("./dns.ts")).dns,
  },
  {
    name: "edge",
    description: "published names on HTTPS, for whom they are, and their certificates",
    load: async () => (await import("./edge.ts")).edge,
  },
  {
    name: "drc",
    description: "standbys, the age of their copies, and which site announces what",
    load: async () => (await import("./drc.ts")).drc,
  },
  {
    name: "backup",
    description:
      "backups really restore: files and databases compared, packs read, deletes refused",
    load: async () => (await import("./backup.ts")).backup,
  },
];

export interface TopicEntry {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Topic>;
}
