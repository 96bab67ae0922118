import * as v from "valibot";

import { Fault } from "../../core/fault.ts";
import { Hostname } from "../../core/hostname.ts";
import { privateIpv4, uniqueLocal48 } from "./addresses.ts";
import { backupSettingsSchema } from "./backup.ts";
import { quotaSchema } from "./capacity.ts";
import { edgeSchema } from "./edge.ts";
import { egressSchema } from "./egress.ts";
import { choice, field, words } from "./field.ts";
import { mapping, table } from "./collections.ts";
import { internetAccessSchema, internetRulesSchema } from "./internet.ts";
import { drcSchema, SITE_EXAMPLE, siteSchema } from "./site.ts";
import { alertsSchema, evidenceSchema } from "./trust.ts";
import { code, governmentDomain, interfaceName, maintainers, slug } from "./values.ts";

const engine = mapping(
  {
    host: v.optional(
      field(parseSshUrl, {
        id: "engine-host-form",
        why: "other engines are reached over SSH",
        example: "ssh://ops@10.64.0.5",
      }),
    ),
    uplink: v.optional(interfaceName("eth1")),
    internet: internetAccessSchema,
  },
  "{}",
);

const pool = () => privateIpv4("10.68.0.0/14");

export const kabupatenSchema = mapping(
  {
    code: code("kabupaten", '"33.23"'),
    name: words(60, "Temanggung"),
    regulation: slug(
      "it names a file in inventory/regulations, or none",
      "perbup-temanggung-83-2021",
    ),
    domain: governmentDomain(),
    timezone: choice(
      ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"],
      "these are Indonesia's three time zones",
    ),
    dinas: v.optional(
      slug("it names the agency that operates all this", "dinas-kominfo"),
      "dinas-kominfo",
    ),
    maintainers: maintainers(),
    sites: mapping(
      { "pusat-data": siteSchema, drc: v.optional(drcSchema) },
      `{ pusat-data: ${SITE_EXAMPLE} }`,
    ),
    engines: table(engine, 1, "{ local: {} }"),
    internet: internetRulesSchema,
    quota: quotaSchema,
    backup: backupSettingsSchema,
    egress: egressSchema,
    edge: edgeSchema,
    evidence: evidenceSchema,
    alerts: alertsSchema,
    addressing: mapping(
      {
        ipv4: privateIpv4("10.64.0.0/12"),
        ipv6: uniqueLocal48(),
        pools: mapping(
          {
            transit: pool(),
            loopback: pool(),
            management: pool(),
            "pusat-data": pool(),
            service: pool(),
            drc: pool(),
            "perangkat-daerah": pool(),
            desa: pool(),
          },
          "{ transit: 10.64.0.0/16, ... }",
        ),
      },
      "{ ipv4: 10.64.0.0/12, ipv6: fd33:23a5:71c0::/48, pools: {...} }",
    ),
  },
  "code, name, regulation and so on, one per line",
);
export type KabupatenFile = v.InferOutput<typeof kabupatenSchema>;
export type EngineEntry = v.InferOutput<typeof engine>;

/** `ssh://user@host` with an optional port; the host is a name or an IPv4 address. */
function parseSshUrl(text: string): string | Fault {
  const form = /^ssh:\/\/[a-z_][a-z0-9_-]{0,31}@([a-z0-9.-]+)(?::([1-9]\d{0,4}))?$/.exec(text);
  const isHost = (host: string): boolean =>
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || !(Hostname.parse(host) instanceof Fault);
  if (form && isHost(form[1]!) && Number(form[2] ?? 22) <= 65_535) return text;
  return new Fault(`"${text}" is not an SSH address`, "write it as ssh://ops@10.64.0.5");
}
