import path from "node:path";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { Fault } from "../../modules/core/fault.ts";
import type { Keeper, KeptRepository } from "../../modules/engine/keeper-container.ts";
import type { SiteName } from "../../modules/inventory/site-model.ts";
import type { BackupPlan, RepositoryPlan } from "../../modules/plan/backup-plan.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import type { Prepared } from "../project.ts";
import { wrongArgument } from "./wrong-argument.ts";

export const SITES = ["pusat-data", "drc"] as const;

/** What a command on backups needs: the plan, and how the Dinas reaches the volumes. */
export interface BackupGround extends Prepared {
  readonly backup: BackupPlan;
  readonly keeper: Keeper;
  /** `.simpul` */
  readonly local: string;
  /** The kabupaten's folder of secrets. */
  readonly secrets: string;
}

/** Undefined after having said what is missing. */
export async function backupGround(
  output: Output,
  command: string,
  options: CommonOptions,
): Promise<BackupGround | undefined> {
  const { prepareOrReport } = await import("../project.ts");
  const { LOCAL, ROOT } = await import("../../stacks/prepare.ts");
  const { readRoleImages } = await import("../../modules/engine/images.ts");
  const { terraformEnvironment } = await import("../../modules/engine/terraform-environment.ts");
  const { localEngine, engineProblem } = await import("../../modules/engine/docker-engine.ts");
  const prepared = await prepareOrReport(output, command, options);
  if (prepared === undefined) return undefined;
  const { backup } = prepared.plan;
  if (backup === undefined) {
    report(output, command, options, [nothingBackedUp(prepared.plan.title)]);
    return undefined;
  }
  const images = readRoleImages(ROOT);
  const environment = await terraformEnvironment(path.join(LOCAL, "env"), process.env);
  const missing =
    images instanceof Fault ? imagesMissing(images) : await engineProblem(localEngine(environment));
  if (missing !== undefined || images instanceof Fault) {
    report(output, command, options, missing === undefined ? [] : [missing]);
    output.exitCode(EXIT.environment);
    return undefined;
  }
  return {
    ...prepared,
    backup,
    keeper: { environment, image: images["backup-runner"].id },
    local: LOCAL,
    secrets: path.join(LOCAL, "secrets", options.kabupaten),
  };
}

/** A repository of the plan by its name, or that there is none. */
export function findRepository(
  { repositories }: BackupPlan,
  name: string,
): RepositoryPlan | Diagnostic {
  const found = repositories.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = repositories.map((one) => one.name).join(", ");
  return wrongArgument(`no server called "${name}" is backed up`, `choose from: ${names}`);
}

/** File of the key of a repository at a site. */
export function passwordFile(secrets: string, name: string, site: SiteName): string {
  const file = site === "drc" ? "drc-password" : "password";
  return path.join(secrets, "backup", name, file);
}

/** With its key; undefined where this machine does not have it, or the site has no such repository. */
export async function keptRepository(
  { plan, secrets }: Pick<BackupGround, "plan" | "secrets">,
  { name, volumes }: RepositoryPlan,
  site: SiteName,
): Promise<KeptRepository | undefined> {
  const { readFile } = await import("node:fs/promises");
  const volume = volumes[site]?.name;
  const password = await readFile(passwordFile(secrets, name, site), "utf8").catch(() => undefined);
  if (volume === undefined || password === undefined) return undefined;
  return { kabupaten: plan.name, name, site, volume, password: password.trim() };
}

export function keyMissing(name: string, site: SiteName): Diagnostic {
  return {
    id: "backup-key-missing",
    severity: "error",
    what: `the key of the repository ${name} (${site}) is not on this machine`,
    why: "without it nothing of the repository can be read",
    fix: "run it where simpul deploy is run; if the key is lost, bring it back from a custodian's copy: age -d -i THEIR-KEY escrow/NAME.age",
  };
}

/** What restic said, where it did not do what it was asked. */
export function keeperFailed(
  { name, site }: Pick<KeptRepository, "name" | "site">,
  said: string,
): Diagnostic {
  const isLocked = /already locked/i.test(said);
  const isKey = /wrong password|no key found/i.test(said);
  return {
    id: isKey ? "backup-key-wrong" : isLocked ? "backup-locked" : "backup-keeper-failed",
    severity: "error",
    what: `the repository ${name} (${site}) ${isKey ? "does not open with its key" : isLocked ? "is just being written to" : "could not be worked on"}: ${said.trim().split("\n").at(-1) ?? ""}`,
    why: isLocked
      ? "restic lets nobody take data away while a backup is written"
      : "what cannot be opened cannot be restored either",
    fix: isLocked
      ? "run the same command again when the backup has ended"
      : "see that it is deployed and its volume mounted (simpul verify backup), then run the same command again",
  };
}

function nothingBackedUp(title: string): Diagnostic {
  return {
    id: "nothing-backed-up",
    severity: "error",
    what: `no server of ${title} has a backup duty`,
    why: "there is no repository to work on",
    fix: "write backup: in a VPS file",
  };
}

function imagesMissing({ what, fix }: Fault): Diagnostic {
  return {
    id: "images-missing",
    severity: "error",
    what,
    why: "repositories are opened in a container, with the restic of our image",
    fix,
  };
}
