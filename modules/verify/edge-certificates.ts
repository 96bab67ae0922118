import type { Diagnostic } from "../core/diagnostic.ts";
import type { Engine } from "../engine/docker-engine.ts";
import type { EdgePlan } from "../plan/edge-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { runInside } from "./run-inside.ts";
import type { VerifyContext } from "./topic.ts";

/** A certificate as the edge shows it to whoever asks for the name. */
export interface ShownCertificate {
  readonly name: string;
  /** As openssl writes it; undefined when the edge shows none. */
  readonly ends: string | undefined;
}

/** Whole days before its end on which a certificate that nobody renewed is an error: half of what is left for it. */
const LATE_DAYS = 15;
const DAY = 86_400_000;

/** Asks the edge itself, inside, for the certificate of every name. */
export async function shownCertificates(
  engine: Engine,
  container: string,
  { service }: ServerPlan,
  { publications }: EdgePlan,
): Promise<readonly ShownCertificate[]> {
  const names = publications.filter(({ tls }) => tls === "edge").flatMap((one) => one.names);
  const lines = names.map(
    (name) =>
      `echo "${name} $(openssl s_client -connect ${service.ipv4.text}:443 -servername ${name} </dev/null 2>/dev/null | openssl x509 -noout -enddate 2>/dev/null)"`,
  );
  const { stdout } = await runInside(engine, container, lines.join("\n"), 60);
  const ends = new Map(
    Array.from(stdout.matchAll(/^(\S+) notAfter=(.+)$/gm), ([, name, end]) => [name!, end!]),
  );
  return names.map((name) => ({ name, ends: ends.get(name) }));
}

/** Certificates that ended, end soon, or are not shown at all. */
export function compareCertificates(
  { plan, placeOf }: Pick<VerifyContext, "plan" | "placeOf">,
  shown: readonly ShownCertificate[],
  now: number,
): readonly Diagnostic[] {
  const vpsOf = new Map(
    plan.edge?.publications.flatMap(({ vps, names }) => names.map((name) => [name, vps] as const)),
  );
  return shown.flatMap(({ name, ends }) => {
    const finding = judge(name, ends === undefined ? undefined : (Date.parse(ends) - now) / DAY);
    const at = placeOf(vpsOf.get(name) ?? "");
    return finding === undefined ? [] : [{ ...finding, ...(at !== undefined && { at }) }];
  });
}

function judge(name: string, days: number | undefined): Diagnostic | undefined {
  if (days === undefined)
    return {
      id: "certificate-missing",
      severity: "error",
      what: `the edge shows no certificate for ${name}`,
      why: "whoever asks for the name is refused",
      fix: "run simpul deploy, which makes it and brings it to the edge",
    };
  if (days >= LATE_DAYS) return undefined;
  return {
    id: "certificate-ends",
    severity: "error",
    what:
      days < 0
        ? `the certificate of ${name} has ended`
        : `the certificate of ${name} ends in ${Math.floor(days)} days`,
    why: "it should have been renewed when two thirds of its life had passed",
    fix: "run simpul renew --yes, which says why it cannot, and have it run every night",
  };
}
