import type { Diagnostic } from "../core/diagnostic.ts";
import { serversOnEngines } from "../plan/colocation-plan.ts";
import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { TenantServerPlan } from "../plan/vps-plan.ts";
import { absentContainer } from "./absent-container.ts";
import type { ContainerState } from "./containers.ts";
import type { VerifyContext } from "./topic.ts";

/** `simpul-temanggung-vps-ppdb-online`. */
export function vpsContainer(
  { name: kabupaten }: KabupatenPlan,
  { role, name }: TenantServerPlan,
): string {
  return engineName({ kabupaten, role, name });
}

/** `VPS ppdb-online of dinas-pendidikan`, as findings name it. */
export function vpsTitle({ role, name, owner }: TenantServerPlan): string {
  return `${role === "vps" ? "VPS" : "colocated server"} ${name} of ${owner}`;
}

/** Whether each VPS, and what stands for a colocated server, runs, or is stopped, as planned, with its limits and on its own network only. */
export function compareVps({
  plan,
  containers,
  placeOf,
}: Pick<VerifyContext, "plan" | "containers" | "placeOf">): readonly Diagnostic[] {
  return serversOnEngines(plan).flatMap((vps) => {
    const container = vpsContainer(plan, vps);
    const state = containers.get(container);
    const at = placeOf(vps.name);
    return compareOne(plan, vps, container, state).map((finding) => ({
      ...finding,
      ...(at !== undefined && { at }),
    }));
  });
}

function compareOne(
  plan: KabupatenPlan,
  vps: TenantServerPlan,
  container: string,
  state: ContainerState | undefined,
): readonly Diagnostic[] {
  if (vps.running && state?.running !== true)
    return [absentContainer("vps-not-running", vpsTitle(vps), container, state)];
  if (state === undefined) return [];
  if (!vps.running && state.running) return [runsThoughSuspended(vps, container)];
  // What is stopped has no addresses until it starts.
  return [
    ...limits(vps, container, state),
    ...(vps.running ? place(plan, vps, container, state) : []),
  ];
}

function runsThoughSuspended(vps: TenantServerPlan, container: string): Diagnostic {
  return {
    id: "vps-running-though-suspended",
    severity: "error",
    what: `${vpsTitle(vps)} runs, though it is ${vps.role === "vps" ? "suspended" : "off"}`,
    why: "its file says so; nobody answers for what it does",
    fix: `docker stop ${container}, or set state: ${vps.role === "vps" ? "active" : "installed"} in its file and deploy`,
  };
}

/** The engine counts memory in bytes, of which the plan's are cut to whole MiB when it is made. */
function limits(
  vps: TenantServerPlan,
  container: string,
  state: ContainerState,
): readonly Diagnostic[] {
  const mebibytes = (bytes: number): number => Math.floor(bytes / 2 ** 20);
  const memory = mebibytes(vps.memoryBytes);
  const off = [
    mebibytes(state.memoryBytes) !== memory &&
      `memory ${mebibytes(state.memoryBytes) || "unlimited"} instead of ${memory} MiB`,
    state.memorySwapBytes !== state.memoryBytes && "swap beside its memory",
    Math.abs(state.cpus - vps.cpu) > 0.001 &&
      `cpu ${state.cpus || "unlimited"} instead of ${vps.cpu}`,
    state.pids !== vps.pids && `${state.pids || "any number of"} processes instead of ${vps.pids}`,
    !state.securityOptions.some((option) => option.startsWith("no-new-privileges")) &&
      "programs that gain privileges (no no-new-privileges)",
  ].filter((fault) => fault !== false);
  if (off.length === 0) return [];
  return [
    {
      id: "vps-limit-differs",
      severity: "error",
      what: `${vpsTitle(vps)} has ${off.join(", ")}`,
      why: "a VPS that takes more than its file says takes it from its neighbours on the same machine",
      fix: `simpul deploy sets the planned limits; docker inspect ${container} shows the present ones`,
    },
  ];
}

function place(
  plan: KabupatenPlan,
  vps: TenantServerPlan,
  container: string,
  { networks }: ContainerState,
): readonly Diagnostic[] {
  const own = engineName({ kabupaten: plan.name, role: "gateway", name: vps.segment });
  const others = [...networks.keys()].filter((network) => network !== own);
  const at = networks.get(own);
  const wrong = [
    at === undefined && `is not on ${own}`,
    at !== undefined &&
      at.ipv4 !== vps.address.ipv4.text &&
      `has ${at.ipv4 || "no IPv4 address"} instead of ${vps.address.ipv4.text}`,
    at !== undefined &&
      at.ipv6 !== vps.address.ipv6.text &&
      `has ${at.ipv6 || "no IPv6 address"} instead of ${vps.address.ipv6.text}`,
    others.length > 0 && `stands on ${others.join(", ")} too`,
  ].filter((fault) => fault !== false);
  if (wrong.length === 0) return [];
  return [
    {
      id: "vps-network-differs",
      severity: "error",
      what: `${vpsTitle(vps)} ${wrong.join(", ")}`,
      why: "its gateway guards its planned place only; any other leads past the rules between tenants",
      fix:
        others.length > 0
          ? `docker network disconnect ${others[0]} ${container}`
          : "simpul plan shows the difference, simpul deploy mends it",
    },
  ];
}
