import path from "node:path";

import { Fault } from "../modules/core/fault.ts";
import { stableHex } from "../modules/core/stable-hash.ts";
import { dnsSecretFiles, ensureDnsKeys, hasZoneKey } from "../modules/engine/dns-keys.ts";
import { ensureSecretFile } from "../modules/engine/secrets-file.ts";
import type { Lock } from "../modules/inventory/model.ts";
import type { DnsPlan } from "../modules/plan/dns-plan.ts";
import type { TrustAnchor } from "../modules/render/unbound.ts";

/** Keys of the name service as the stack needs them: nothing secret but on disk, in folders of mode 0700. */
export interface DnsSecrets {
  readonly anchors: readonly TrustAnchor[];
  /** Lines that `dns/trust-anchors.yaml` does not have yet. */
  readonly newAnchors: ReadonlyMap<string, string>;
  readonly volumes: Readonly<Record<"primary" | "secondary", SecretsFolder>>;
}

export interface SecretsFolder {
  readonly directory: string;
  /** Changes with the content, and tells nothing about it: the keys in it are random. */
  readonly fingerprint: string;
}

/**
 * Makes the keys that are missing, and lays out for each kind of server the files of its volume. A zone whose DS stands
 * in the inventory must have that very key here: a new one would break the chain of trust of everybody who holds the DS.
 */
export function prepareDnsSecrets(dns: DnsPlan, known: Lock, secrets: string): DnsSecrets | Fault {
  const lost = dns.zones.find(
    ({ name }) =>
      known.entries.has(anchorKey(name)) && !hasZoneKey(path.join(secrets, "dns"), name),
  );
  if (lost !== undefined) return keyFault(known, lost.name, "the key of it is not on this machine");
  const keys = ensureDnsKeys({
    directory: path.join(secrets, "dns"),
    zones: dns.zones.map(({ name }) => name),
  });
  if (keys instanceof Fault) return keys;
  const other = keys.zones.find(({ zone, anchor }) => {
    const entry = known.entries.get(anchorKey(zone));
    return entry !== undefined && entry.value !== anchorValue(anchor);
  });
  if (other !== undefined)
    return keyFault(known, other.zone, `this machine holds the key ${anchorValue(other.anchor)}`);
  const folderFor = (role: "primary" | "secondary"): SecretsFolder | Fault => {
    const directory = path.join(secrets, `name-server-${role}`);
    const files = dnsSecretFiles(keys, role);
    const written = files.map((file) =>
      ensureSecretFile(path.join(directory, file.path), () => file.text),
    );
    const fault = written.find((each) => each instanceof Fault);
    if (fault instanceof Fault) return fault;
    return { directory, fingerprint: stableHex(JSON.stringify(files), 16) };
  };
  const primary = folderFor("primary");
  if (primary instanceof Fault) return primary;
  const secondary = folderFor("secondary");
  if (secondary instanceof Fault) return secondary;
  const anchors = keys.zones.map(({ anchor }) => anchor);
  const lines = anchors.map((anchor) => [anchorKey(anchor.zone), anchorValue(anchor)] as const);
  return {
    anchors,
    newAnchors: new Map(lines.filter(([key]) => !known.entries.has(key))),
    volumes: { primary, secondary },
  };
}

function anchorKey(zone: string): string {
  return `ds/${zone.slice(0, -1)}`;
}

function anchorValue({ keyTag, algorithm, digestType, digest }: TrustAnchor): string {
  return `${keyTag} ${algorithm} ${digestType} ${digest}`;
}

function keyFault(known: Lock, zone: string, what: string): Fault {
  const { value, at } = known.entries.get(anchorKey(zone))!;
  return new Fault(
    `${at.file}:${at.line} says that ${zone} is signed by ${value}, but ${what}`,
    "bring the folder of secrets back from its copy; only where there is none, remove the line, and tell all who hold the DS",
  );
}
