import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { TemporaryInventory } from "./temporary-inventory.ts";

const ACCESS = "ipv4: 203.0.113.10/29, gateway: 203.0.113.9, bandwidth: 100Mbps";

describe("a way to the internet in the inventory", () => {
  it("is none unless it is written", async () => {
    using inventory = new TemporaryInventory();
    expect(engineOf(await inventory.load())?.internet).toBeUndefined();
    edit(inventory, "local: {}", "local: { internet: none }");
    expect(engineOf(await inventory.load())?.internet).toBeUndefined();
  });

  it("is what the provider handed over, in one family or two", async () => {
    using inventory = new TemporaryInventory();
    edit(inventory, "local: {}", `local: { internet: { interface: eth1, ${ACCESS} } }`);
    const { internet } = engineOf(await inventory.load())!;
    expect(internet).toMatchObject({
      interface: "eth1",
      ipv4: {
        address: { text: "203.0.113.10" },
        prefix: { text: "203.0.113.8/29" },
        gateway: { text: "203.0.113.9" },
      },
      bandwidth: { text: "100Mbps" },
    });
    expect(internet?.ipv6).toBeUndefined();
    edit(inventory, "bandwidth:", "ipv6: 2001:db8:7::2/64, gateway6: 2001:db8:7::1, bandwidth:");
    expect(engineOf(await inventory.load())?.internet?.ipv6).toMatchObject({
      address: { text: "2001:db8:7::2" },
      gateway: { text: "2001:db8:7::1" },
    });
  });

  it("may be a provider's modem with private addresses", async () => {
    using inventory = new TemporaryInventory();
    edit(
      inventory,
      "local: {}",
      "local: { internet: { ipv4: 192.168.1.2/24, gateway: 192.168.1.1, bandwidth: 1Gbps } }",
    );
    expect(await inventory.findings()).toEqual([]);
  });

  it("comes with a warning for agencies that have more than the line, but for those that may not use it", async () => {
    using inventory = new TemporaryInventory();
    edit(inventory, "local: {}", `local: { internet: { ${ACCESS} } }`);
    expect(await inventory.findings()).toEqual([
      "perangkat-daerah/dinas-kominfo.yaml:9:12 bandwidth-above-line",
    ]);
    const file = "perangkat-daerah/dinas-kominfo.yaml";
    const text = readFileSync(inventory.path(file), "utf8");
    inventory.write(file, `${text}internet: none\n`);
    expect(await inventory.findings()).toEqual([]);
  });

  it("denies mail, NetBIOS and file sharing unless the kabupaten has a list of its own, which may be empty", async () => {
    using inventory = new TemporaryInventory();
    const denied = async () =>
      (await inventory.load()).inventory?.kabupaten.internet.deny.map(
        ({ ports, protocol = "both" }) => `${ports.text} ${protocol}`,
      );
    expect(await denied()).toEqual(["25 tcp", "135-139 both", "445 both"]);
    edit(inventory, "engines:", "internet: { deny: [] }\nengines:");
    expect(await denied()).toEqual([]);
    edit(inventory, "deny: []", "deny: [{ ports: 23, why: passwords in the clear }]");
    expect(await denied()).toEqual(["23 both"]);
  });
});

type Loaded = Awaited<ReturnType<TemporaryInventory["load"]>>;

function engineOf({ inventory }: Loaded) {
  return inventory?.kabupaten.engines.get("local");
}

function edit(inventory: TemporaryInventory, from: string, to: string): void {
  const text = readFileSync(inventory.path("kabupaten.yaml"), "utf8");
  if (!text.includes(from)) throw new Error(`kabupaten.yaml does not say ${from}`);
  inventory.write("kabupaten.yaml", text.replace(from, to));
}
