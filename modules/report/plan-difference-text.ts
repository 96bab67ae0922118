import type { Allocation } from "../plan/allocation.ts";
import type { RecordPlan } from "../plan/dns-plan.ts";
import type { ChangedThing, PlanDifference, PlannedThing } from "../plan/plan-difference.ts";
import { codeSpan, table } from "./markdown.ts";

const MOST_ROWS = 60;

/** Sections of the comment about addresses, names and things on the engine; those without content are left out. */
export function planLines(difference: PlanDifference): readonly string[] {
  return [moved(difference), addresses(difference), names(difference), things(difference)].filter(
    (one) => one !== "",
  );
}

/** Serious, so it comes first: what runs would lose its address. */
function moved({ moved: pairs }: PlanDifference): string {
  if (pairs.length === 0) return "";
  const rows = pairs.map(({ key, from, to }) => [codeSpan(key), codeSpan(from), codeSpan(to)]);
  return headed("⚠️ Alamat yang berpindah", table(["Kunci", "Sebelum", "Setelah"], limited(rows)));
}

function addresses({ allocated, freed }: PlanDifference): string {
  const row = ({ kind, owner, name, at }: Allocation): readonly string[] => [
    KINDS[kind],
    codeSpan(name === owner ? owner : `${owner}/${name}`),
    codeSpan(at.ipv4.text),
    codeSpan(at.ipv6.text),
  ];
  const parts = [
    ...(allocated.length === 0
      ? []
      : [
          table(["Jenis", "Untuk", "IPv4", "IPv6"], limited(allocated.map(row))),
          "Alamat ini menjadi tetap ketika perubahan digabung.",
        ]),
    ...(freed.length === 0
      ? []
      : [`Dilepas: ${limitedWords(freed.map(({ key }) => codeSpan(key)))}.`]),
  ];
  return parts.length === 0 ? "" : headed("Alamat", parts.join("\n\n"));
}

const KINDS: Readonly<Record<Allocation["kind"], string>> = {
  lan: "LAN",
  transit: "transit",
  loopback: "loopback router",
  tenant: "jaringan atau alamat pada jaringan server",
  vps: "alamat VPS pada jaringannya",
  colocation: "kolokasi",
  service: "**alamat layanan**, tidak pernah berubah",
  management: "pengelolaan router",
  aggregate: "bagian POP",
};

function names({ namesAppear, namesVanish }: PlanDifference): string {
  const lines = (records: readonly RecordPlan[]): string =>
    limitedWords([...new Set(records.map(({ name }) => codeSpan(name.replace(/\.$/, ""))))]);
  const parts = [
    ...(namesAppear.length === 0 ? [] : [`- nama baru: ${lines(namesAppear)}`]),
    ...(namesVanish.length === 0
      ? []
      : [`- nama yang hilang atau berganti alamat: ${lines(namesVanish)}`]),
  ];
  return parts.length === 0 ? "" : headed("Nama", parts.join("\n"));
}

const ROLES: Readonly<Record<PlannedThing["role"], string>> = {
  router: "router",
  gateway: "gateway tenant",
  vps: "VPS",
  "name-server": "name server",
  resolver: "resolver",
  network: "jaringan",
};

function things({ appears, changes, vanishes, stacks }: PlanDifference): string {
  const words = (list: readonly PlannedThing[]): string =>
    limitedWords(list.map(({ role, name }) => `${ROLES[role]} ${codeSpan(name)}`));
  const changed = (list: readonly ChangedThing[]): string =>
    limitedWords(
      list.map(({ role, name, fields }) => `${ROLES[role]} ${codeSpan(name)} (${matters(fields)})`),
    );
  if (stacks.length === 0) return headed("Rencana", "Tidak ada yang berubah pada mesin.");
  const parts = [
    ...(vanishes.length === 0 ? [] : [`- **hilang**: ${words(vanishes)}`]),
    ...(changes.length === 0 ? [] : [`- berubah: ${changed(changes)}`]),
    ...(appears.length === 0 ? [] : [`- baru: ${words(appears)}`]),
    `- stack yang tersentuh: ${limitedWords(stacks.map(codeSpan))}`,
  ];
  return headed("Rencana", parts.join("\n"));
}

/** What changes, as an agency knows it; a field without a word of its own is the plan's. */
function matters(fields: readonly string[]): string {
  return [...new Set(fields.map((field) => MATTERS[field] ?? field))].join(", ");
}

const MATTERS: Readonly<Record<string, string>> = {
  firewall: "aturan firewall",
  originates: "rute",
  hubs: "rute dan tetangga BGP",
  uplinks: "rute dan tetangga BGP",
  aggregates: "rute",
  interfaces: "sambungan jaringan",
  cpu: "prosesor",
  memoryBytes: "memori",
  diskBytes: "disk",
  authorizedKeys: "kunci SSH",
  running: "hidup atau dihentikan",
  stack: "stack",
  image: "image",
  owner: "pemilik",
  hostname: "nama host",
  service: "alamat layanan",
  address: "alamat",
  segment: "jaringan",
};

function headed(title: string, body: string): string {
  return `### ${title}\n\n${body}`;
}

function limited(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const more = rows.length - MOST_ROWS;
  if (more <= 0) return rows;
  const blank = Array<string>(rows[0]!.length - 1).fill("");
  return [...rows.slice(0, MOST_ROWS), [`… dan ${more} lagi`, ...blank]];
}

function limitedWords(words: readonly string[]): string {
  const more = words.length - MOST_ROWS;
  return [...words.slice(0, MOST_ROWS), ...(more > 0 ? [`… dan ${more} lagi`] : [])].join(", ");
}
