import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { Fault } from "../modules/core/fault.ts";
import { stableHex } from "../modules/core/stable-hash.ts";
import { ensureAuthority, type Authority } from "../modules/engine/certificate-authority.ts";
import { ensureEdgeCertificates } from "../modules/engine/edge-certificates.ts";
import { ensureSecretFile, replaceSecretFile } from "../modules/engine/secrets-file.ts";
import type { SiteName } from "../modules/inventory/site-model.ts";
import type { BackupPlan, BackupServerPlan, RepositoryPlan } from "../modules/plan/backup-plan.ts";
import type { SecretsFolder } from "./dns-secrets.ts";
import { authorityFolder } from "./edge-secrets.ts";

/** What goes to the engines of each site, as folders of mode 0700. */
export type BackupSecrets = Readonly<Partial<Record<SiteName, SecretsFolder>>>;

/** Secrets of one repository at one site: what its packs are encrypted with, and by what its server knows who sends. */
interface Credentials {
  readonly password: string;
  readonly http: string;
}

/**
 * Makes what is missing of the passwords of repositories, which are made once and never changed, and lays out what each
 * site is given: its server the certificate and its users, each runner the credentials of its own repository, the copier
 * those of all at both sites.
 *
 * @param secrets folder of the kabupaten's secrets; `backup/<repository>/` holds `password` and `http-password`, and for
 *   the DRC `drc-password` and `drc-http-password`
 */
export function prepareBackupSecrets(
  backup: BackupPlan,
  domain: string,
  secrets: string,
  now: Date,
): BackupSecrets | Fault {
  const authority = ensureAuthority(authorityFolder(secrets), domain);
  if (authority instanceof Fault) return authority;
  const certificates = ensureEdgeCertificates(
    path.join(secrets, "backup-certificates"),
    backup.servers.map(({ name, hostname }) => ({
      id: name,
      names: [hostname],
      issuer: "own" as const,
    })),
    authority,
    now,
    SPARE_DAYS,
  );
  if (certificates instanceof Fault) return certificates;
  const known = new Map<string, Credentials>();
  for (const { site } of backup.servers)
    for (const { name } of backup.repositories) {
      const made = credentials(path.join(secrets, "backup", name), site);
      if (made instanceof Fault) return made;
      known.set(`${site} ${name}`, made);
    }
  const placed: Partial<Record<SiteName, SecretsFolder>> = {};
  for (const server of backup.servers) {
    const files = filesOf(server, backup, known, authority);
    const folder = path.join(secrets, `backup-${server.site}`);
    const certificate = path.join(certificates.directory, "certs", `${server.name}.pem`);
    const written = layOut(folder, files, certificate);
    if (written instanceof Fault) return written;
    placed[server.site] = written;
  }
  return placed;
}

/** `simpul renew` is the edge's; a backup server has a new certificate from the first deploy of its last month. */
const SPARE_DAYS = 30;

/** Where a repository's secrets lie, and what its files are called. */
function credentials(folder: string, site: SiteName): Credentials | Fault {
  const before = site === "drc" ? "drc-" : "";
  const password = ensureSecretFile(path.join(folder, `${before}password`), newPassword);
  if (password instanceof Fault) return password;
  const http = ensureSecretFile(path.join(folder, `${before}http-password`), newPassword);
  return http instanceof Fault ? http : { password, http };
}

/** 256 random bits that mean nothing to a URL. */
function newPassword(): string {
  return randomBytes(32).toString("hex");
}

function filesOf(
  server: BackupServerPlan,
  { servers, repositories }: BackupPlan,
  known: ReadonlyMap<string, Credentials>,
  { certificate }: Authority,
): ReadonlyMap<string, string> {
  const at = (site: SiteName, { name }: RepositoryPlan): Credentials =>
    known.get(`${site} ${name}`)!;
  const folderOf = (of: BackupServerPlan, repository: RepositoryPlan) =>
    [
      ["repository", addressOf(of, repository, at(of.site, repository))],
      ["password", at(of.site, repository).password],
      ["ca.pem", certificate],
    ] as const;
  const users = repositories.map((one) => `${one.name}:${sha1(at(server.site, one).http)}\n`);
  const own =
    server.site === "drc"
      ? repositories.flatMap((one) =>
          servers.flatMap((each) =>
            folderOf(each, one).map(
              ([file, text]) =>
                [
                  `copier/${one.name}/${each.site === "drc" ? "to" : "from"}/${file}`,
                  text,
                ] as const,
            ),
          ),
        )
      : repositories
          .filter(({ runner }) => runner !== undefined)
          .flatMap((one) =>
            folderOf(server, one).map(([file, text]) => [`${one.name}/${file}`, text] as const),
          );
  return new Map([["server/htpasswd", users.join("")], ...own]);
}

/** As restic writes it; the user is the repository's name. */
function addressOf(
  { hostname, port }: BackupServerPlan,
  { name }: RepositoryPlan,
  { http }: Credentials,
): string {
  return `rest:https://${name}:${http}@${hostname}:${port}/${name}/`;
}

/** As Apache writes it. A slow hash would protect a password that can be guessed, and each request pays for it. */
function sha1(text: string): string {
  return `{SHA}${createHash("sha1").update(text).digest("base64")}`;
}

function layOut(
  folder: string,
  texts: ReadonlyMap<string, string>,
  certificate: string,
): SecretsFolder | Fault {
  const pem = ensureSecretFile(certificate, () => "");
  if (pem instanceof Fault) return pem;
  const files = new Map([...texts, ["server/tls.pem", pem]]);
  for (const [file, text] of files) {
    const there = ensureSecretFile(path.join(folder, file), () => text);
    if (there instanceof Fault) return there;
    if (there !== text) replaceSecretFile(path.join(folder, file), text);
  }
  forget(folder, files);
  return { directory: folder, fingerprint: stableHex(JSON.stringify([...files]), 16) };
}

/** What no repository has any more does not go to an engine. */
function forget(folder: string, files: ReadonlyMap<string, string>): void {
  const kept = [...files.keys()];
  for (const entry of existsSync(folder) ? readdirSync(folder, { recursive: true }) : []) {
    const file = String(entry);
    if (kept.some((one) => one === file || one.startsWith(`${file}/`))) continue;
    rmSync(path.join(folder, file), { recursive: true, force: true });
  }
}
