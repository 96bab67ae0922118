import { serversOnEngines } from "../plan/colocation-plan.ts";
import { compareHardening } from "./hardening.ts";
import type { Topic } from "./topic.ts";
import { checkAccess } from "./vps-access.ts";
import { compareVps, vpsContainer } from "./vps-container.ts";
import { checkInside } from "./vps-inside.ts";

/** VPS, and what stands for colocated servers: limits, who gets in, and what can be reached from inside. */
export const vps: Topic = {
  name: "vps",
  groups: 3,
  settles: false,
  async verify(context, groups) {
    await groups.run("vps", "containers", async () => {
      const { plan, containers } = context;
      const planned = serversOnEngines(plan).filter(({ running }) => running);
      const running = planned.filter(
        (one) => containers.get(vpsContainer(plan, one))?.running === true,
      );
      return {
        findings: [...compareVps(context), ...compareHardening(containers.values())],
        measured: { vps_planned: planned.length, vps_running: running.length },
        said: `${running.length} of ${planned.length} servers running, ${containers.size} containers looked at`,
        result: undefined,
      };
    });
    await context.settled;
    await Promise.all([
      groups.run("vps", "access", () => checkAccess(context)),
      groups.run("vps", "inside", () => checkInside(context)),
    ]);
  },
};
