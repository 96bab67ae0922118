import type { Diagnostic } from "../core/diagnostic.ts";
import type { Custodian } from "../inventory/backup-model.ts";
import {
  copyHash,
  keyFingerprint,
  openCopy,
  type EscrowIndex,
  type RepositoryKey,
} from "./escrow.ts";

const SEAL = "simpul backup keys escrow, then commit what it wrote";
const WHY = "when this machine is lost, what the custodians hold is all that opens the backups";

/** Whether the custodians hold today's keys, as far as can be seen without theirs. */
export async function escrowFindings(
  folder: string,
  index: EscrowIndex | undefined,
  keys: readonly RepositoryKey[],
  custodians: readonly Custodian[],
): Promise<readonly Diagnostic[]> {
  const few: readonly Diagnostic[] =
    custodians.length >= 2 ? [] : [custodiansFew(custodians.length)];
  if (custodians.length === 0) return few;
  if (index === undefined) return [...few, behind("nobody holds a copy of the keys of backups")];
  const named = (key: { readonly repository: string; readonly site: string }): string =>
    `${key.repository} (${key.site})`;
  const sealed = new Map(index.keys.map((key) => [named(key), key.fingerprint]));
  const keyFindings = keys.flatMap((key) => {
    const fingerprint = sealed.get(named(key));
    if (fingerprint === undefined) return [behind(`no custodian holds the key of ${named(key)}`)];
    if (fingerprint === keyFingerprint(key)) return [];
    return [behind(`the custodians hold another key of ${named(key)} than the one in use`)];
  });
  const copyFindings: Diagnostic[] = [];
  for (const { name, age } of custodians) {
    const copy = index.copies.find((one) => one.age === age);
    const hash = copy === undefined ? undefined : await copyHash(folder, copy.file);
    if (copy === undefined) copyFindings.push(behind(`${name} holds no copy that their key opens`));
    else if (hash !== copy.sha256)
      copyFindings.push(
        behind(
          `the copy of ${name} (${copy.file}) is ${hash === undefined ? "gone" : "not what was sealed"}`,
        ),
      );
  }
  return [...few, ...keyFindings, ...copyFindings];
}

/** Proof by a custodian's own key: which copy it opens, and whether all keys of the index are in it. */
export async function proveCopy(
  folder: string,
  index: EscrowIndex,
  identity: string,
): Promise<{ readonly custodian?: string; readonly findings: readonly Diagnostic[] }> {
  for (const { custodian, file } of index.copies) {
    const keys = await openCopy(folder, file, identity);
    if (keys === undefined) continue;
    const held = new Set(keys.map((key) => `${key.repository} ${key.site} ${keyFingerprint(key)}`));
    const missing = index.keys.filter(
      ({ repository, site, fingerprint }) => !held.has(`${repository} ${site} ${fingerprint}`),
    );
    return {
      custodian,
      findings: missing.map(({ repository, site }) =>
        behind(`the copy of ${custodian} is without the key of ${repository} (${site})`),
      ),
    };
  }
  return { findings: [unopened()] };
}

function custodiansFew(count: number): Diagnostic {
  return {
    id: "custodians-few",
    severity: "warning",
    what: `kabupaten.yaml names ${count === 0 ? "no custodian" : "one custodian"} of the keys of backups`,
    why: "without the keys no backup can be read, and one person can lose one copy",
    fix: "name at least two under backup: custodians:, each with a key of their own (age-keygen)",
  };
}

function behind(what: string): Diagnostic {
  return { id: "escrow-behind", severity: "error", what, why: WHY, fix: SEAL };
}

function unopened(): Diagnostic {
  return {
    id: "escrow-unopened",
    severity: "error",
    what: "this key opens no sealed copy",
    why: "a copy that its custodian cannot open is none",
    fix: "see that it is the file age-keygen wrote, of the public key in kabupaten.yaml; if that key is lost, make a new one, write it there, and seal again (simpul backup keys escrow)",
  };
}
