import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import type { Inventory } from "../../modules/inventory/model.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { prepareDnsSecrets } from "../../stacks/dns-secrets.ts";
import { synthesise } from "../../stacks/synthesise.ts";
import { buildInventory } from "../plan/inventory-builder.ts";
import { online } from "../plan/online.ts";

const INVENTORY = buildInventory({ pops: 1, lans: [{ length: 24, pop: 0 }], vps: [] });

describe("the stack of the exit", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "simpul-exit-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("puts the exit on the port of the host that leads to the provider", () => {
    const { network, router } = exitOf(online(INVENTORY, { port: "eth1" }));
    expect(network).toMatchObject({
      name: "simpul-uji-router-internet",
      driver: "macvlan",
      options: { parent: "eth1" },
    });
    expect(router.networks_advanced).toContainEqual({
      name: "simpul-uji-router-internet",
      ipv4_address: "203.0.113.10",
      ipv6_address: "2001:db8:7::2",
    });
  });

  it("puts it on a bridge that the host firewall knows while there is none, in the families of the provider", () => {
    const { network, router } = exitOf(online(INVENTORY, { ipv6: false }));
    expect(network).toMatchObject({ driver: "bridge", ipv6: false });
    expect(network.options["com.docker.network.bridge.name"]).toMatch(/^smp[0-9a-f]{12}$/);
    expect(network.ipam_config).toEqual([{ subnet: "203.0.113.8/29", gateway: "203.0.113.14" }]);
    expect(JSON.stringify(router.networks_advanced)).not.toContain("2001:db8");
  });

  it("makes the exit anew when the port changes, for a network is only replaced when nobody stands on it", () => {
    const hash = (port: string): string => configOf(exitOf(online(INVENTORY, { port })).router);
    expect(hash("eth1")).toBe(hash("eth1"));
    expect(hash("eth1")).not.toBe(hash("eth2"));
  });

  function exitOf(inventory: Inventory): { network: Network; router: Router } {
    const { plan } = makePlan(inventory);
    const dns = prepareDnsSecrets(plan!.dns, { entries: new Map() }, path.join(folder, "secrets"));
    if (dns instanceof Fault) throw new Error(dns.what);
    const roles = ["router", "name-server", "resolver", "vps-debian-12"];
    const images = new Map(roles.map((role) => [role, `sha256:${role}`]));
    const options = { images, states: path.join(folder, "states"), dns, simpul: "/simpul" };
    const stacks = synthesise(plan!, options, path.join(folder, "out"));
    const { directory } = stacks.find(({ name }) => name === "internet")!;
    const { resource } = JSON.parse(
      readFileSync(path.join(directory, "cdk.tf.json"), "utf8"),
    ) as Synthesised;
    const [network] = Object.values(resource.docker_network);
    const router = Object.values(resource.docker_container).find(({ name }) =>
      name.endsWith("-router-internet-exit"),
    );
    return { network: network!, router: router! };
  }
});

interface Synthesised {
  readonly resource: {
    readonly docker_network: Readonly<Record<string, Network>>;
    readonly docker_container: Readonly<Record<string, Router>>;
  };
}

interface Network {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly ipam_config: readonly unknown[];
}

interface Router {
  readonly name: string;
  readonly networks_advanced: readonly unknown[];
  readonly labels: readonly { readonly label: string; readonly value: string }[];
}

function configOf({ labels }: Router): string {
  return labels.find(({ label }) => label.endsWith(".config"))!.value;
}
