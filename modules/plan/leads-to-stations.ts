import type { RouterPlan } from "./router-plan.ts";

/**
 * Whether packets from the stations of the Dinas may come in from this segment: towards the core, where a neighbour may
 * announce their prefix, or where they stand themselves. From anywhere else their addresses are forged.
 */
export function leadsToStations(router: RouterPlan, segment: string): boolean {
  const { ipv4 } = router.firewall.management.stations;
  const own = router.interfaces.find((one) => one.segment === segment);
  const hub = router.hubs.find((one) => one.segment === segment);
  return (
    own?.prefix.ipv4.text === ipv4.text ||
    router.uplinks.some((uplink) => uplink.segment === segment) ||
    [...(hub?.peers ?? []), ...(hub?.beside ?? [])].some(({ mayAnnounce }) =>
      mayAnnounce.ipv4.some((prefix) => prefix.contains(ipv4)),
    )
  );
}
