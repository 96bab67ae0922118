/**
 * Private and special-purpose space (RFC 1918, RFC 4193, RFC 6890) that the core leads nowhere. Absent are the blocks
 * that BIRD and the kernel refuse by themselves: 0.0.0.0/8, 127.0.0.0/8, 240.0.0.0/4, fe80::/10, ::1/128.
 */
export const SPECIAL_PURPOSE = {
  ipv4: [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
  ],
  ipv6: ["64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7"],
} as const;

/** Everything that is nobody's on the internet: what packets may neither come from nor go to. In order, none in another. */
export const NOT_ON_THE_INTERNET = {
  ipv4: [
    "0.0.0.0/8",
    ...SPECIAL_PURPOSE.ipv4.slice(0, 2),
    "127.0.0.0/8",
    ...SPECIAL_PURPOSE.ipv4.slice(2),
    "224.0.0.0/3",
  ],
  // The internet is 2000::/3 (RFC 4291 section 2.4).
  ipv6: ["::/3", "2001::/23", "2001:db8::/32", "2002::/16", "4000::/2", "8000::/1"],
} as const;
