import type { Device, DevicePort } from "../plan/device.ts";

/**
 * `/etc/network/interfaces.d/simpul` of a Debian machine (ifupdown, interfaces(5)): for BIRD, which sets no addresses
 * itself.
 */
export function ifupdownInterfaces({ router, ports }: Device): string {
  const { loopback, management } = router;
  const own = [loopback, management].flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
  const lines = [
    `# ${router.name}: made from the plan; what is changed here by hand is lost.`,
    "auto lo",
    "iface lo inet loopback",
    ...own.map((address) => `  up ip address replace ${address.hostPrefix} dev lo`),
    "  up sysctl --write net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
    ...ports.flatMap(stanzas),
  ];
  return `${lines.join("\n")}\n`;
}

function stanzas({ names, segment, address, prefix, towards }: DevicePort): readonly string[] {
  const [name] = names;
  return [
    "",
    `# ${segment}: ${towards}`,
    `auto ${name}`,
    `iface ${name} inet static`,
    `  address ${address.ipv4.text}/${prefix.ipv4.length}`,
    `iface ${name} inet6 static`,
    `  address ${address.ipv6.text}/${prefix.ipv6.length}`,
    "  accept_ra 0",
  ];
}
