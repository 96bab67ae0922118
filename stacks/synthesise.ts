import { mkdirSync } from "node:fs";
import path from "node:path";

import { App } from "../modules/constructs/cdktf.ts";
import { Fault } from "../modules/core/fault.ts";
import type { Lock } from "../modules/inventory/model.ts";
import { sourceHost } from "../modules/constructs/replica.ts";
import { readRoleImages } from "../modules/engine/images.ts";
import { ensureReplicaKeys } from "../modules/engine/replica-keys.ts";
import type { StackToRun } from "../modules/engine/stack-to-run.ts";
import type { KabupatenPlan, StackPlan } from "../modules/plan/kabupaten-plan.ts";
import {
  BACKUP_STACK,
  DNS_STACK,
  DRC_STACK,
  INTERNET_STACK,
  PUSAT_DATA_STACK,
  SERVICES_STACK,
} from "../modules/plan/part-names.ts";
import { prepareBackupSecrets } from "./backup-secrets.ts";
import { backupStack } from "./backup-stack.ts";
import { prepareDnsSecrets } from "./dns-secrets.ts";
import { dnsStack } from "./dns-stack.ts";
import { drcStack } from "./drc-stack.ts";
import { prepareAuthority, prepareEdgeSecrets } from "./edge-secrets.ts";
import { prepareFailoverSecrets } from "./failover-secrets.ts";
import { internetStack } from "./internet-stack.ts";
import { kabupatenStack, stackId, statePath, type SynthesisOptions } from "./kabupaten-stack.ts";
import { pusatDataStack } from "./pusat-data-stack.ts";
import { routedPart } from "./routed-part.ts";
import { replicaSourcePart } from "./replica-source-part.ts";
import { runningImages } from "./running-images.ts";
import { servicesStack } from "./services-stack.ts";
import { voterPart } from "./voter-part.ts";

/** What synthesis needs from this machine, or why it cannot be done yet. Makes the name service's keys if need be. */
export function synthesisOptions(
  plan: KabupatenPlan,
  trustAnchors: Lock,
  { local, root }: { readonly local: string; readonly root: string },
): SynthesisOptions | Fault {
  const images = readRoleImages(root);
  if (images instanceof Fault) return images;
  const secrets = path.join(local, "secrets", plan.name);
  const dns = prepareDnsSecrets(plan.dns, trustAnchors, secrets);
  if (dns instanceof Fault) return dns;
  const authority = prepareAuthority(plan.domain, secrets);
  if (authority instanceof Fault) return authority;
  const edge = plan.edge && prepareEdgeSecrets(plan.edge, authority, secrets, new Date());
  if (edge instanceof Fault) return edge;
  const replica =
    plan.drc?.replica &&
    ensureReplicaKeys(path.join(secrets, "replica"), sourceHost(plan.drc.replica.source));
  if (replica instanceof Fault) return replica;
  const failover = plan.failover && prepareFailoverSecrets(plan, secrets, new Date());
  if (failover instanceof Fault) return failover;
  const states = path.join(local, "state");
  const backup = plan.backup && prepareBackupSecrets(plan.backup, plan.domain, secrets, new Date());
  if (backup instanceof Fault) return backup;
  const dockerHost = process.env["DOCKER_HOST"];
  return {
    images: new Map(Object.entries(images).map(([folder, { id }]) => [folder, id])),
    states,
    running: runningImages(states, plan.name),
    dns,
    authority: authority.certificate,
    ...(edge !== undefined && { edge }),
    ...(replica !== undefined && { replica }),
    ...(failover !== undefined && { failover }),
    ...(backup !== undefined && { backup }),
    simpul: path.join(root, "scripts", "simpul"),
    ...(dockerHost !== undefined && { dockerHost }),
  };
}

/** Writes every stack of the plan below `outdir` and says where; nothing is deployed. */
export function synthesise(
  plan: KabupatenPlan,
  options: SynthesisOptions,
  outdir: string,
): readonly StackToRun[] {
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, skipValidation: true });
  addStacks(app, plan, options);
  app.synth();
  return plan.stacks.map((stack) => ({
    id: stackId(plan, stack),
    name: stack.name,
    title: stack.title,
    needs: stack.needs,
    directory: path.join(outdir, "stacks", stackId(plan, stack)),
    statePath: statePath(plan, stack, options),
  }));
}

/**
 * Adds the stacks to a cdktf app, those first that others need. Without `addDependency`: with it, `cdktf deploy STACK`
 * refuses to run one stack alone, and that is the daily use (docs/decisions/ADR-0006).
 */
export function addStacks(app: App, plan: KabupatenPlan, options: SynthesisOptions): void {
  for (const stack of plan.stacks) addStack(app, plan, stack, options);
}

function addStack(
  app: App,
  plan: KabupatenPlan,
  stack: StackPlan,
  options: SynthesisOptions,
): void {
  const context = kabupatenStack(app, plan, stack, options);
  if (stack.name === DNS_STACK) dnsStack(context, plan, options.dns);
  else if (stack.name === PUSAT_DATA_STACK) pusatDataStack(context, plan, options);
  else if (stack.name === SERVICES_STACK && plan.edge && options.edge)
    servicesStack(context, plan, plan.edge, options.edge);
  else if (stack.name === INTERNET_STACK && plan.outer) internetStack(context, plan, plan.outer);
  else if (stack.name === BACKUP_STACK && plan.backup && options.backup?.["pusat-data"]) {
    const part = backupStack(context, plan, plan.backup, options.backup["pusat-data"]);
    replicaSourcePart(context, plan, options, part);
    voterPart(context, plan, options, part);
  } else if (stack.name === DRC_STACK) drcStack(context, plan, options);
  else voterPart(context, plan, options, routedPart(context, plan));
}
