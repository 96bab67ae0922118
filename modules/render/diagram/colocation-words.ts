import type { TenantServerPlan, ColocatedServerPlan } from "../../plan/vps-plan.ts";

/** What a tenant's server is, in a few words: `VPS`, `colocated, rak-a unit 12-13`. */
export function serverWords(server: TenantServerPlan | ColocatedServerPlan): string {
  if (!("rack" in server)) return server.running ? "VPS" : "VPS, suspended";
  return `colocated, ${server.rack} unit ${server.units}${server.running ? "" : ", not at work"}`;
}
