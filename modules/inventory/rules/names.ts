import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { InventoryFiles } from "../inventory-files.ts";
import { devicesOf } from "./colocation.ts";
import { conflicts } from "./finding.ts";

/** Names under the domain that are the kabupaten's own, or that attackers and mail programs look for. */
const RESERVED_SUBDOMAINS: ReadonlySet<string> = new Set([
  ...[
    "www",
    "portal",
    "intra",
    "status",
    "api",
    "admin",
    "root",
    "test",
    "localhost",
    "wpad",
    "isatap",
  ],
  ...[
    "ns",
    "dns",
    "resolver",
    "ntp",
    "vpn",
    "whois",
    "rpki",
    "arpa",
    "acme",
    "ca",
    "cdn",
    "git",
    "backup",
  ],
  ...[
    "mail",
    "email",
    "webmail",
    "smtp",
    "imap",
    "pop",
    "pop3",
    "mx",
    "mta-sts",
    "autoconfig",
    "autodiscover",
  ],
  ...[
    "abuse",
    "hostmaster",
    "postmaster",
    "security",
    "csirt",
    "pusat-data",
    "drc",
    "desa",
    "kelurahan",
  ],
  ...[
    "bupati",
    "wakil-bupati",
    "wabup",
    "walikota",
    "wakil-walikota",
    "sekda",
    "dprd",
    "kabupaten",
    "kota",
    "pemkab",
    "pemkot",
  ],
]);
/** Names under the domain that zones and servers of the plan have: not even Dinas can give them away again. */
const OF_THE_PLAN = /^(?:intra|router|ns-primary|(?:ns|resolver|edge)\d+)$/;
const NUMBERED = /^(?:dns|mx|www)\d+$/;

/** Subdomains and published names are unique; the kabupaten's own are left to Dinas. */
export function checkNames(files: InventoryFiles): Diagnostic[] {
  return [...subdomains(files), ...publications(files)];
}

function subdomains({ perangkatDaerah, kabupaten }: InventoryFiles): Diagnostic[] {
  const claims = perangkatDaerah.map(({ name, file, source }) => ({
    name,
    value: file.subdomain,
    at: source.at("subdomain"),
  }));
  return [
    ...conflicts(claims, ({ value }, others) => ({
      id: "subdomain-taken",
      what: `subdomain ${value} is also that of ${others}`,
      why: "one name leads to one agency",
      fix: "choose another for one of them",
    })),
    ...claims.flatMap(({ name, value, at }) => {
      const why = whyReserved(value, kabupaten.file.dinas, name);
      if (why === undefined) return [];
      const fix = "choose the agency's own short name";
      return [errorAt(at, "subdomain-reserved", `subdomain ${value} is reserved`, why, fix)];
    }),
  ];
}

function whyReserved(subdomain: string, dinas: string, agency: string): string | undefined {
  if (OF_THE_PLAN.test(subdomain)) return "a zone or a server of the plan itself has this name";
  if (agency === dinas) return undefined;
  return RESERVED_SUBDOMAINS.has(subdomain) || NUMBERED.test(subdomain)
    ? `it belongs to the kabupaten itself, which leaves it to ${dinas}`
    : undefined;
}

/** `ppdb.dindikpora.<domain>`: two servers of one owner cannot both have it. */
function publications({ vps, colocation }: InventoryFiles): Diagnostic[] {
  const publishers = [
    ...vps.map(({ file: { owner, publish }, source }) => ({ owner, publish, source })),
    ...devicesOf(colocation).map(({ device: { owner, server }, source }) => ({
      owner,
      publish: server?.publish ?? [],
      source: source.below("server"),
    })),
  ];
  const claims = publishers.flatMap(({ owner, publish, source }) =>
    publish.map(({ name }, index) => ({
      value: `${owner}/${name}`,
      at: source.at("publish", index, "name"),
    })),
  );
  return conflicts(claims, ({ value }, others) => ({
    id: "publication-taken",
    what: `${value.replace(/^.*\//, "")} is also published at ${others}`,
    why: "a published name is unique under its owner's subdomain",
    fix: "choose another name for one of them",
  }));
}
