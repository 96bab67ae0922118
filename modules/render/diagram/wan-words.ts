import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import { routerMark } from "./live-words.ts";
import type { Subject } from "./subject.ts";

export function wanTitle(plan: KabupatenPlan): string {
  const { title, domain, routers } = plan;
  return `WAN and Pusat Data of ${title} (${domain}): ${routers.length} routers, ${serverCounts(plan).join(", ")}`;
}

/** `5 VPS`, `1 colocated server`; of the latter nothing where there is none. */
function serverCounts({ vps, colocation }: KabupatenPlan): readonly string[] {
  const noun = colocation.length === 1 ? "colocated server" : "colocated servers";
  return [`${vps.length} VPS`, ...(colocation.length > 0 ? [`${colocation.length} ${noun}`] : [])];
}

/** The picture in words, for those who hear it. */
export function wanDescription({ plan, live }: Subject): string {
  const count = (tier: string): number => plan.routers.filter((one) => one.tier === tier).length;
  const backbones = plan.segments.filter(({ kind }) => kind === "backbone");
  const parts = [
    `${backbones.length} backbone segments (${backbones
      .map(({ name }) => name)
      .toSorted()
      .join(", ")})`,
    `${count("core")} core routers`,
    `${count("pop")} POPs`,
    `${count("perangkat-daerah")} agencies`,
    `${count("desa")} desa`,
    `${count("gateway")} gateways of tenants`,
    ...serverCounts(plan),
  ];
  const planned = `${parts.join(", ")}.`;
  if (live === undefined) return `${planned} As planned, without live state.`;
  const troubles = plan.routers
    .map((router) => ({ title: router.title, mark: routerMark(plan, live, router) }))
    .filter(({ mark }) => mark !== undefined && mark.level !== "good")
    .map(({ title, mark }) => `${title}: ${mark!.said}`)
    .toSorted();
  const said = troubles.length === 0 ? "All routers run." : `${troubles.join("; ")}.`;
  return `${planned} At ${live.observedAt}: ${said}`;
}
