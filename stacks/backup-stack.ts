import { BackupCopier, BackupRunner } from "../modules/constructs/backup-runner.ts";
import { BackupServer } from "../modules/constructs/backup-server.ts";
import { SecretsFolder as PlacedSecrets } from "../modules/constructs/secrets-folder.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { SiteName } from "../modules/inventory/site-model.ts";
import type { BackupPlan } from "../modules/plan/backup-plan.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import type { SecretsFolder } from "./dns-secrets.ts";
import { routedPart, type RoutedPart } from "./routed-part.ts";

/** Backups at the Pusat Data: the server, and a runner beside each agency's server. */
export function backupStack(
  context: StackContext,
  plan: KabupatenPlan,
  backup: BackupPlan,
  from: SecretsFolder,
): RoutedPart {
  const part = routedPart(context, plan);
  const secrets = new PlacedSecrets(context, "backup", from);
  const dependsOn = serverAt("pusat-data", { context, plan, backup, part, secrets });
  for (const repository of backup.repositories)
    if (repository.runner !== undefined)
      new BackupRunner(context, {
        plan,
        repository,
        runner: repository.runner,
        secrets,
        dependsOn: [dependsOn],
      });
  return part;
}

/** The DRC's part in it: a server of its own, and who fetches what the Pusat Data's has. */
export function backupAtDrc(
  context: StackContext,
  plan: KabupatenPlan,
  backup: BackupPlan,
  part: RoutedPart,
  from: SecretsFolder,
): void {
  const secrets = new PlacedSecrets(context, "backup-drc", from);
  const dependsOn = serverAt("drc", { context, plan, backup, part, secrets });
  new BackupCopier(context, { plan, secrets, dependsOn: [dependsOn] });
}

function serverAt(
  site: SiteName,
  of: {
    readonly context: StackContext;
    readonly plan: KabupatenPlan;
    readonly backup: BackupPlan;
    readonly part: RoutedPart;
    readonly secrets: PlacedSecrets;
  },
) {
  const { context, plan, backup, part, secrets } = of;
  const server = backup.servers.find((one) => one.site === site)!;
  const { network } = part.segments.get(server.segment)!;
  const gateway = part.routers.get(server.segment)!;
  const repositories = new Map(
    backup.repositories.flatMap(({ name, volumes }) => {
      const volume = volumes[site];
      return volume === undefined ? [] : [[name, volume] as const];
    }),
  );
  const dependsOn = [network, gateway.container];
  return new BackupServer(context, { plan, server, repositories, secrets, dependsOn }).container;
}
