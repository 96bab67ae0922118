import { Address } from "../../modules/core/address.ts";
import { Fault } from "../../modules/core/fault.ts";
import { InterfaceAddress } from "../../modules/core/interface-address.ts";
import { PortRange } from "../../modules/core/port-range.ts";
import type { OuterAddress } from "../../modules/inventory/internet-model.ts";
import type { ExitPlan, RouterPlan } from "../../modules/plan/router-plan.ts";
import { agencyLan, kabupaten, lists, SITE } from "./router-fixture.ts";

/** The fixture's kabupaten with a way to the internet; the agency `dinas-2` may not use it. */
export function kabupatenWithExit(): {
  readonly core: RouterPlan;
  readonly pop: RouterPlan;
  readonly gateway: RouterPlan;
  readonly agencies: readonly RouterPlan[];
  readonly exit: RouterPlan;
} {
  const { core, pop, gateway, agencies } = kabupaten(2);
  const online = <T extends RouterPlan>(router: T): T => ({
    ...router,
    internet: ["ipv4", "ipv6"],
    firewall: {
      ...router.firewall,
      beyond: router.tier === "gateway" ? "nothing" : "internet",
    },
  });
  const [uplink] = gateway.uplinks;
  const site = (at: bigint) => ({
    ipv4: Address.inside(SITE.prefix.ipv4, at),
    ipv6: Address.inside(SITE.prefix.ipv6, at),
  });
  const loopback = {
    ipv4: valid(Address.parse("10.209.0.30")),
    ipv6: valid(Address.parse("fd5c:ad00:7031:ff00::30")),
  };
  const exit: RouterPlan = {
    ...core,
    name: "internet-exit",
    tier: "exit",
    title: "Exit to the internet",
    asn: 4_200_004_000,
    loopback,
    source: loopback,
    interfaces: [{ segment: SITE.name, prefix: SITE.prefix, address: site(30n) }],
    uplinks: [uplink!],
    hubs: [],
    originates: [],
    exit: EXIT,
  };
  const [backbone, siteHub] = core.hubs;
  const peer = {
    router: exit.name,
    asn: exit.asn,
    segment: SITE.name,
    address: site(30n),
    bfdInterval: siteHub!.bfdInterval,
    mayAnnounce: lists([]),
    mayLeadOut: ["ipv4", "ipv6"] as const,
  };
  return {
    core: online({
      ...core,
      hubs: [backbone!, { ...siteHub!, peers: [...siteHub!.peers, peer] }],
    }),
    pop: online(pop),
    gateway: online(gateway),
    agencies: agencies.map(online),
    exit: online(exit),
  };
}

export const EXIT: ExitPlan = {
  segment: "internet",
  ipv4: outer("203.0.113.10/29", "203.0.113.9"),
  ipv6: outer("2001:db8:7::2/64", "2001:db8:7::1"),
  bandwidth: 100_000_000,
  clients: lists([agencyLan(1)]),
  openings: [],
  denied: [
    { ports: valid(PortRange.parse("25")), protocol: "tcp", why: 'mail "by" the server' },
    { ports: valid(PortRange.parse("135-139")), why: "x".repeat(119) + "é" },
  ],
  classes: [
    { name: "control", number: 2, guaranteed: 1_000_000, most: 100_000_000, prefixes: lists([]) },
    { name: "common", number: 3, guaranteed: 10_000_000, most: 100_000_000, prefixes: lists([]) },
    {
      name: "dinas-1",
      number: 16,
      guaranteed: 20_000_000,
      most: 20_000_000,
      prefixes: lists([agencyLan(1)]),
    },
  ],
};

function outer(text: string, gateway: string): OuterAddress {
  const { address, prefix } = valid(InterfaceAddress.parse(text));
  return { address, prefix, gateway: valid(Address.parse(gateway)) };
}

function valid<T>(value: T | Fault): T {
  if (value instanceof Fault) throw new Error(value.what);
  return value;
}
