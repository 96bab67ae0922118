import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";

/**
 * `/etc/network/interfaces.d/simpul` of an agency's own server (Debian's ifupdown, interfaces(5)): its address on the
 * tenant's segment, the service address that everybody calls it by, and the gateway as its only way out. The same as
 * images/shared/server-network.sh does for a container.
 * @param port name of its network interface
 */
export function serverInterfaces(
  { segments, dns }: Pick<KabupatenPlan, "segments" | "dns">,
  { name, segment, hostname, address, service, gateway }: ServerPlan,
  port: string,
): string {
  const { prefix, bridge } = segments.find((each) => each.name === segment)!;
  const lines = [
    `# ${name} (${hostname}): made from the plan; what is changed here by hand is lost.`,
    `# Its cable leads to the bridge ${bridge} on the engine's host of the Pusat Data, by a VLAN of its own.`,
    "auto lo",
    "iface lo inet loopback",
    `  up ip address replace ${service.ipv4.hostPrefix} dev lo`,
    `  up ip address replace ${service.ipv6.hostPrefix} dev lo`,
    "",
    `auto ${port}`,
    `iface ${port} inet static`,
    `  address ${address.ipv4.text}/${prefix.ipv4.length}`,
    `  dns-nameservers ${dns.asked.ipv4.text} ${dns.asked.ipv6.text}`,
    `  up ip route replace default via ${gateway.ipv4.text} src ${service.ipv4.text}`,
    `iface ${port} inet6 static`,
    `  address ${address.ipv6.text}/${prefix.ipv6.length}`,
    "  accept_ra 0",
    `  up ip route replace default via ${gateway.ipv6.text} src ${service.ipv6.text}`,
  ];
  return `${lines.join("\n")}\n`;
}
