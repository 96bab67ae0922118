import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { firewallState } from "../../modules/engine/firewall.ts";
import { readRoleImages } from "../../modules/engine/images.ts";
import { buildFirewallLab, firewallCounter, type FirewallLab } from "./firewall-lab.ts";

const SLOW = 120_000;

/** The same attacks, once on bridges that the firewall knows and once on ones it does not. */
type Attack = (lab: FirewallLab) => Promise<boolean>;

let port: number;

const ATTACKS: ReadonlyArray<readonly [string, Attack]> = [
  ["the host's IPv6 gateway address", (lab) => lab.ping(lab.first, lab.gateway6)],
  ["the host's link-local address fe80::1", (lab) => lab.ping(lab.first, "fe80::1%eth0")],
  ["an IPv6 address the host has elsewhere", (lab) => lab.ping(lab.first, hostAddress())],
  ["a service of the host", (lab) => lab.connects(lab.first, lab.gateway6, port)],
  ["the other network by IPv6", (lab) => lab.ping(lab.first, lab.second.ipv6)],
  ["a network outside by IPv6", (lab) => lab.ping(lab.first, lab.outside.ipv6)],
  ["a product network from outside", (lab) => lab.ping(lab.outside, lab.first.ipv6)],
];

describe("host firewall", () => {
  let product: FirewallLab;
  let control: FirewallLab;
  let service: Server;

  beforeAll(async () => {
    const images = readRoleImages(".");
    if (images instanceof Fault) throw new Error(`${images.what}: ${images.fix}`);
    service = createServer((socket) => socket.end()).listen(0, "::");
    port = await listeningPort(service);
    product = await buildFirewallLab(images.router.id, "smp");
    control = await buildFirewallLab(images.router.id, "ctl");
  }, SLOW);

  afterAll(async () => {
    await product?.remove();
    await control?.remove();
    service?.close();
  }, SLOW);

  it("is in force as setup loaded it", async () => {
    expect(await firewallState(".", undefined)).toBe("in-force");
  });

  it("lets pass what is bridged inside one network", async () => {
    expect(await product.ping(product.first, product.neighbour.ipv4)).toBe(true);
    expect(await product.ping(product.first, product.neighbour.ipv6)).toBe(true);
  });

  it("lets pass what goes through a router container", async () => {
    await product.routeThroughRouter();
    expect(await product.ping(product.first, product.second.ipv4)).toBe(true);
    expect(await product.ping(product.first, product.second.ipv6)).toBe(true);
  });

  describe("against hosts that forge their neighbour entries", () => {
    beforeAll(async () => {
      await product.routeThroughHost();
      await control.routeThroughHost();
    }, SLOW);

    // Without this, a probe that never works would pass for a firewall that holds.
    it.each(ATTACKS)("(control: other bridges reach %s)", async (_, attack) => {
      expect(await attack(control)).toBe(true);
    });

    it.each(ATTACKS)("keeps them from %s", async (_, attack) => {
      expect(await attack(product)).toBe(false);
    });

    it("keeps them from the IPv4 gateway address and from outside by IPv4", async () => {
      expect(await product.ping(product.first, product.gateway4)).toBe(false);
      expect(await product.ping(product.first, product.outside.ipv4)).toBe(false);
    });

    it.each<readonly [string, Attack]>([
      ["host_dropped", (lab) => lab.ping(lab.first, lab.gateway6)],
      ["crossed_dropped", (lab) => lab.ping(lab.first, lab.second.ipv6)],
      ["private_dropped", (lab) => lab.ping(lab.first, lab.outside.ipv6)],
      ["left_dropped", (lab) => lab.ping(lab.first, lab.outside.ipv4)],
      ["entered_dropped", (lab) => lab.ping(lab.outside, lab.first.ipv6)],
    ])("counts it in %s", async (counter, attack) => {
      const before = await firewallCounter(counter);
      await attack(product);
      expect(await firewallCounter(counter)).toBeGreaterThan(before);
    });
  });
});

function listeningPort(service: Server): Promise<number> {
  return new Promise((resolve) => {
    service.once("listening", () => {
      const address = service.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

/** An IPv6 address of this machine on an interface that is no bridge of anybody's. */
function hostAddress(): string {
  const address = Object.entries(networkInterfaces())
    .filter(([name]) => !/^(smp|ctl|br-|docker|veth|fwl)/.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .find(
      ({ family, internal, address }) =>
        family === "IPv6" && !internal && !address.startsWith("fe80"),
    );
  // A machine without one still has the bridge's own; the control shows that either answers.
  return address?.address ?? "fe80::1%eth0";
}
