import type { EngineRole } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import { bytes } from "./byte-words.ts";
import { labelOf } from "./docker-objects.ts";
import { stepWords } from "./host-step-change.ts";
import type { ChangeAction } from "./plan-summary.ts";
import type { Attributes, ResourceChange } from "./terraform-plan.ts";

/** Looks up how people call a thing, by role and slug. */
export type Describe = (role: string, name: string) => Description | undefined;

export interface Description {
  readonly noun: string;
  readonly detail?: string;
  /** Whose it is, or where: `Dinas Kesehatan`. */
  readonly title?: string;
  /** Whether all of the WAN hangs on it. */
  readonly core?: boolean;
}

const TIERS: Readonly<Record<string, string>> = {
  core: "core router",
  pop: "POP router",
  "perangkat-daerah": "agency router",
  desa: "village router",
  gateway: "gateway",
  exit: "exit to the internet",
};

/** Names from the plan: which router is an agency's, how large a VPS is. */
export function describePlan(plan: KabupatenPlan): Describe {
  const routers = new Map(
    plan.routers.map(({ role, name, tier, title }) => [
      `${role} ${name}`,
      { noun: TIERS[tier] ?? tier, title, core: tier === "core" },
    ]),
  );
  const servers = new Map(
    [...plan.vps, ...plan.colocation].map(({ role, name, owner, cpu, memoryBytes, diskBytes }) => [
      `${role} ${name}`,
      {
        noun: CONTAINERS[role]!,
        title: owner,
        detail: `${cpu} cpu, ${bytes(memoryBytes)} memory, ${bytes(diskBytes)} disk`,
      },
    ]),
  );
  return (role, name) => servers.get(`${role} ${name}`) ?? routers.get(`${role} ${name}`);
}

/** The role by its label, else by the contract of names `simpul-<kabupaten>-<role>-<name>`. */
export function roleOf(attributes: Attributes): string {
  const label = labelOf(attributes, "role");
  if (label !== "") return label;
  const found = ROLES.flatMap((role) => {
    const index = attributes.name?.indexOf(`-${role}-`) ?? -1;
    return index < 0 ? [] : [{ role, index }];
  });
  return found.toSorted((a, b) => a.index - b.index)[0]?.role ?? "";
}

/** Roles of the contract of names (DESIGN section 10). */
export const ROLES: readonly EngineRole[] = [
  "router",
  "gateway",
  "vps",
  "colocation",
  "name-server",
  "resolver",
  "edge",
  "backup-server",
  "backup-runner",
  "database-standby",
  "prometheus",
  "alertmanager",
  "prober",
  "portal",
  "config",
];

/** The name on the engine, else the construct's id without the hash that cdktf appends. */
export function nameOf(change: ResourceChange, attributes: Attributes): string {
  return attributes.name ?? change.name.replace(/(?:_step)?(?:_[0-9A-F]{8})?$/, "");
}

const CONTAINERS: Readonly<Record<string, string>> = {
  vps: "VPS",
  colocation: "colocated server",
  config: "configuration",
  "name-server": "name server",
  "backup-server": "backup server",
  "backup-runner": "backup runner",
  "database-standby": "database standby",
};

/** How people call a thing of this kind. */
export function nounOf(type: string, role: string): string {
  if (type === "docker_container") return CONTAINERS[role] ?? (role || "container");
  if (type === "docker_network") return "segment";
  if (type === "docker_volume")
    return role === "" ? "volume" : `volume of ${CONTAINERS[role] ?? role}`;
  if (type === "terraform_data") return "host step";
  return type.replace(/^docker_/, "").replaceAll("_", " ");
}

/** What a change brings, where the noun does not say it. */
export function detailOf(
  resource: ResourceChange,
  action: ChangeAction,
  described: Description | undefined,
): string {
  const {
    type,
    change: { before, after },
  } = resource;
  if (type === "terraform_data") return action === "destroy" ? "" : stepWords(resource);
  if (action === "create") return described?.detail ?? "";
  if (action !== "update" || before === null || after === null) return "";
  if (before["must_run"] === false && after["must_run"] === true)
    return "is stopped, will be started";
  if (before["must_run"] === true && after["must_run"] === false)
    return "runs, will be stopped; its data stays";
  const keys = Object.keys(after).filter((key) => changed(before[key], after[key]));
  return keys
    .filter((key) => key !== "memory_swap" || !keys.includes("memory"))
    .map((key) => {
      const both = [before[key], after[key]];
      if (key === "memory")
        return `memory ${both.map((mebibytes) => `${String(mebibytes)} MiB`).join(" -> ")}`;
      return attributeWords(key);
    })
    .join(", ");
}

/** Null is "the provider decides" or "not known yet": no change that a person asked for. */
function changed(before: unknown, after: unknown): boolean {
  return after !== null && JSON.stringify(before) !== JSON.stringify(after);
}

/** Why a thing must be replaced, in words. */
export function reasonsOf({
  action_reason: reason,
  change: { replace_paths: paths },
}: ResourceChange): readonly string[] {
  if (reason === "replace_because_tainted") return ["its creation was not completed"];
  if (reason === "replace_by_request") return ["what runs is not what was applied"];
  const words = [...new Set((paths ?? []).map(([attribute]) => attributeWords(String(attribute))))];
  // Labels carry the hash of everything else; alone they are all there is to say.
  const telling = words.filter((word) => word !== LABELS);
  return telling.length > 0 ? telling : words;
}

const LABELS = "configuration";
const ATTRIBUTES: Readonly<Record<string, string>> = {
  image: "image",
  networks_advanced: "networks",
  labels: LABELS,
  upload: "content",
  env: "environment",
  ipam_config: "addresses",
  driver_opts: "place on disk",
  triggers_replace: "what it depends on",
};

function attributeWords(attribute: string): string {
  return ATTRIBUTES[attribute] ?? attribute.replaceAll("_", " ");
}
