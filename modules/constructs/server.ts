import type { DualAddress } from "../core/dual.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { networkName } from "./router.ts";

/**
 * What every server behind a gateway needs to stand at its addresses; images/shared/server-network.sh reads it.
 *
 * @param asked address at which it answers as others of its kind do; its own, where there is no other
 */
export function serverNetwork(
  plan: KabupatenPlan,
  server: ServerPlan,
  { ipv4, ipv6 }: DualAddress = server.service,
) {
  const isShared = ipv4.text !== server.service.ipv4.text;
  return {
    env: [
      `SIMPUL_GATEWAY4=${server.gateway.ipv4.text}`,
      `SIMPUL_GATEWAY6=${server.gateway.ipv6.text}`,
      `SIMPUL_SERVICE4=${server.service.ipv4.text}`,
      `SIMPUL_SERVICE6=${server.service.ipv6.text}`,
      ...(isShared ? [`SIMPUL_SHARED4=${ipv4.text}`, `SIMPUL_SHARED6=${ipv6.text}`] : []),
    ],
    // Without its own, Docker would ask the host's, and from the host's network when that is a loopback address.
    dns: [plan.dns.asked.ipv4.text, plan.dns.asked.ipv6.text],
    networkMode: "bridge",
    networksAdvanced: [
      {
        name: networkName(plan, server.segment),
        ipv4Address: server.address.ipv4.text,
        ipv6Address: server.address.ipv6.text,
      },
    ],
    sysctls: SERVER_SYSCTLS,
  };
}

/** By interface too: for a host (not a router) the kernel heeds `all` for neither redirects nor router advertisements. */
const SERVER_SYSCTLS = {
  "net.ipv4.conf.all.accept_redirects": "0",
  "net.ipv4.conf.eth0.accept_redirects": "0",
  "net.ipv6.conf.all.accept_ra": "0",
  "net.ipv6.conf.all.accept_redirects": "0",
  "net.ipv6.conf.eth0.accept_ra": "0",
  "net.ipv6.conf.eth0.accept_redirects": "0",
  "net.ipv6.conf.all.disable_ipv6": "0",
  "net.ipv6.conf.default.accept_dad": "0",
};
