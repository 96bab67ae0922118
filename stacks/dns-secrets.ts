import path from "node:path";

import { Fault } from "../modules/core/fault.ts";
import { stableHex } from "../modules/core/stable-hash.ts";
import { dnsSecretFiles, ensureDnsKeys } from "../modules/engine/dns-keys.ts";
import { ensureSecretFile } from "../modules/engine/secrets-file.ts";
import type { DnsPlan } from "../modules/plan/dns-plan.ts";
import type { TrustAnchor } from "../modules/render/unbound.ts";

/** Keys of the name service as the stack needs them: nothing secret but on disk, in folders of mode 0700. */
export interface DnsSecrets {
  readonly anchors: readonly TrustAnchor[];
  readonly volumes: Readonly<Record<"primary" | "secondary", SecretsFolder>>;
}

export interface SecretsFolder {
  readonly directory: string;
  /** Changes with the content, and tells nothing about it: the keys in it are random. */
  readonly fingerprint: string;
}

/** Makes the keys that are missing, and lays out for each kind of server the files of its volume. */
export function prepareDnsSecrets(dns: DnsPlan, secrets: string): DnsSecrets | Fault {
  const keys = ensureDnsKeys({
    directory: path.join(secrets, "dns"),
    zones: dns.zones.map(({ name }) => name),
  });
  if (keys instanceof Fault) return keys;
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
  return { anchors: keys.zones.map(({ anchor }) => anchor), volumes: { primary, secondary } };
}
