import type { Prefix } from "../../core/prefix.ts";
import { DESA_SHARE, poolsOf } from "./address-block.ts";
import type { KecamatanArea } from "./areas.ts";
import { SIZES, type StarterAgency } from "./starter-agencies.ts";
import { quoted, yamlText } from "./yaml-text.ts";

/** What kabupaten.yaml says. */
export interface KabupatenFacts {
  readonly code: string;
  /** `Temanggung`, `Kota Bandung`. */
  readonly title: string;
  readonly regulation: string;
  readonly domain: string;
  readonly timezone: string;
  readonly ipv4: Prefix;
  readonly ipv6: Prefix;
}

/** The middle of Indonesia, and a small rack: `check` warns as long as the word placeholder stands beside them. */
const SITE = `    engine: local
    location: { lat: -2.5, lon: 118.0, placeholder: true }
    capacity: { cpu: 32, memory: 128GiB, disk: 10TiB, headroom: 20%, placeholder: true }
`;

export function kabupatenText(facts: KabupatenFacts): string {
  const pools = [...poolsOf(facts.ipv4)].map(([name, pool]) => `    ${name}: ${pool.text}\n`);
  return `# Begun by: npx simpul init ${facts.code}
# Yours to correct: where the two sites stand and what they have, quotas, the agencies in perangkat-daerah/, the media in wan/.
code: ${quoted(facts.code)}
name: ${yamlText(facts.title)}
regulation: ${facts.regulation}
domain: ${facts.domain}
timezone: ${facts.timezone}
dinas: dinas-kominfo
sites:
  pusat-data:
${SITE}  drc:
${SITE}engines:
  local: {}
# At most for one agency; where one needs more: agencies: { rsud: { vps: 8, memory: 64GiB } }
quota:
  each: { cpu: 8, memory: 32GiB, disk: 1TiB, vps: 5 }
addressing:
  ipv4: ${facts.ipv4.text}
  ipv6: ${facts.ipv6.text}
  pools:
${pools.join("")}`;
}

/** A POP in its kecamatan. */
export interface PopFacts {
  readonly pop: string;
  readonly kecamatan: string;
}

export function topologyText(pops: readonly PopFacts[]): string {
  const lines = pops.map(
    ({ pop, kecamatan }) =>
      `  ${pop}: { kecamatan: ${quoted(kecamatan)}, segments: [backbone-a], medium: fiber }\n`,
  );
  return `# One backbone, and the POP of each kecamatan on it. medium: fiber or radio, as it is built.
segments:
  backbone-a: { medium: fiber }
cores:
  core-pusat-data: { site: pusat-data, segments: [backbone-a] }
pops:
${lines.join("")}`;
}

export function perangkatDaerahText(
  { title, kind, subdomain, size }: StarterAgency,
  pop: string,
  domain: string,
): string {
  const { lan, devices, bandwidth } = SIZES[size];
  return `name: ${yamlText(title)}
kind: ${kind}
mandiri: false
contacts:
  tier1:
    - { name: Pengelola TIK, email: tik@${subdomain}.${domain} }
subdomain: ${subdomain}
router: { at: ${pop}, kind: container }
lan: { size: /${lan}, devices: ${devices} }
bandwidth: ${bandwidth}
`;
}

/** `pop` only where it is not that of the file's own name; slugs by code, for the villages that need one. */
export function desaText(
  { code, name, villages }: KecamatanArea,
  slugs: ReadonlyMap<string, string>,
  pop?: string,
): string {
  const lan = villageLan(villages.length);
  const lines = villages.map((village) => {
    const slug = slugs.get(village.code);
    const more = `${slug === undefined ? "" : `, slug: ${slug}`}${lan}`;
    return `  - { code: ${quoted(village.code)}, name: ${yamlText(village.name)}, status: planned${more} }\n`;
  });
  return `kecamatan: { code: ${quoted(code)}, name: ${yamlText(name)} }
${pop === undefined ? "" : `pop: ${pop}\n`}villages:
${lines.join("")}`;
}

/** The usual /26, or smaller where a POP's share would not hold one for every village with some room besides. */
function villageLan(villages: number): string {
  const fits = (length: number): boolean => villages * 2 ** (32 - length) <= DESA_SHARE * 0.95;
  if (fits(26)) return "";
  return fits(27) ? ", lan: { size: /27, devices: 20 }" : ", lan: { size: /28, devices: 10 }";
}
