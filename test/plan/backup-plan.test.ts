import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ByteSize } from "../../modules/core/byte-size.ts";
import { Duration } from "../../modules/core/duration.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import type { Inventory, Vps } from "../../modules/inventory/model.ts";
import { certain } from "../../modules/inventory/schema/values.ts";
import type { BackupPlan } from "../../modules/plan/backup-plan.ts";
import { backedUp, repositoryBytes, scheduleOf } from "../../modules/plan/backed-up.ts";
import { checkCapacity } from "../../modules/plan/capacity.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory } from "./inventory-builder.ts";

const LANS = [
  { length: 26, pop: 0 },
  { length: 26, pop: 0 },
];
const size = (text: string): ByteSize => certain(ByteSize.parse(text));

function inventoryWith(
  change: Readonly<Record<string, Partial<Vps>>> = {},
  withDrc = false,
): Inventory {
  const inventory = buildInventory({ pops: 1, lans: LANS, vps: [0, 1] });
  const { cores, ...wan } = inventory.wan;
  const drc = { name: "core-drc", site: "drc", segments: ["backbone-a"] } as const;
  return {
    ...inventory,
    wan: { ...wan, cores: withDrc ? [...cores, drc] : cores },
    vps: inventory.vps.map((vps) => ({ ...vps, ...change[vps.name] })),
  };
}

function planned(inventory: Inventory): KabupatenPlan & { readonly backup: BackupPlan } {
  const { plan, findings } = makePlan(inventory);
  if (plan?.backup === undefined) throw new Error(findings.map(({ what }) => what).join("\n"));
  return { ...plan, backup: plan.backup };
}

describe("a plan of backups", () => {
  it("has one repository and one runner for each server, on the backup server's own segment", () => {
    const { backup, segments } = planned(inventoryWith());
    expect(backup.repositories.map(({ name, owner }) => [name, owner])).toEqual([
      ["vps-0", "agency-0"],
      ["vps-1", "agency-1"],
    ]);
    const { prefix } = segments.find(({ name }) => name === "backup")!;
    const addresses = [
      ...backup.servers.map(({ address }) => address),
      ...backup.repositories.map(({ runner }) => runner!.address),
    ];
    expect(addresses.every(({ ipv4 }) => prefix.ipv4.contains(Prefix.host(ipv4)))).toBe(true);
    expect(new Set(addresses.map(({ ipv6 }) => ipv6.text)).size).toBe(3);
    expect(backup.repositories[0]!.runner!.source).toBe("simpul-uji-vps-vps-0");
  });

  it("is there only where something is backed up", () => {
    const inventory = { ...inventoryWith(), vps: [] };
    const { plan } = makePlan(inventory);
    expect(plan!.backup).toBeUndefined();
    expect(plan!.stacks.map(({ name }) => name)).not.toContain("backup");
  });

  it("copies to the DRC where a core stands there, and nowhere else", () => {
    const alone = planned(inventoryWith());
    expect(alone.backup.servers.map(({ name }) => name)).toEqual(["cadangan"]);
    expect([alone.backup.copier, alone.backup.repositories[0]!.volumes.drc]).toEqual([
      undefined,
      undefined,
    ]);
    const both = planned(inventoryWith({}, true));
    expect(both.backup.servers.map(({ name, stack }) => [name, stack])).toEqual([
      ["cadangan", "backup"],
      ["cadangan-drc", "drc"],
    ]);
    expect(both.backup.repositories[0]!.volumes).toMatchObject({
      "pusat-data": { name: "simpul-uji-backup-server-vps-0" },
      drc: { name: "simpul-uji-backup-server-vps-0-drc" },
    });
    const { pools } = inventoryWith().kabupaten.addressing;
    expect(pools.get("drc")!.contains(Prefix.host(both.backup.copier!.address.ipv4))).toBe(true);
  });

  it("opens the way from the copier to the Pusat Data's server, and nothing else", () => {
    const { routers, backup } = planned(inventoryWith({}, true));
    const gateways = routers.filter(({ name }) => name.startsWith("backup"));
    expect(gateways.map(({ name }) => name)).toEqual(["backup", "backup-drc"]);
    for (const { firewall } of gateways)
      expect(
        firewall.openings.map(({ from, to, port }) => [
          from!.ipv4.map(({ text }) => text),
          to!.ipv4.map(({ text }) => text),
          port,
        ]),
      ).toEqual([
        [
          [`${backup.copier!.service.ipv4.text}/32`],
          [`${backup.servers[0]!.service.ipv4.text}/32`],
          8443,
        ],
      ]);
    expect(
      planned(inventoryWith()).routers.find(({ name }) => name === "backup")!.firewall.openings,
    ).toEqual([]);
  });

  it("keeps the repository of a server that left with its final backup, without a runner", () => {
    const finalBackup = { snapshot: "4f2a9c1e", date: certainDate(), sha256: "0".repeat(64) };
    const { backup } = planned(inventoryWith({ "vps-0": { state: "archived", finalBackup } }));
    expect(backup.repositories[0]).toMatchObject({ name: "vps-0", closed: true });
    expect(backup.repositories[0]!.runner).toBeUndefined();
    const given = planned(
      inventoryWith({ "vps-0": { state: "archived", withoutBackup: "moved" } }),
    );
    expect(given.backup.repositories.map(({ name }) => name)).toEqual(["vps-1"]);
  });

  it("moves no address when a server is added", () => {
    const before = planned(inventoryWith());
    const inventory = inventoryWith();
    const [first] = inventory.vps;
    const after = planned({
      ...inventory,
      vps: [...inventory.vps, { ...first!, name: "baru", publish: [] }],
    });
    const addressOf = ({ backup }: { readonly backup: BackupPlan }, name: string) =>
      backup.repositories.find((one) => one.name === name)!.runner!.address.ipv4.text;
    for (const name of ["vps-0", "vps-1"])
      expect(addressOf(after, name)).toBe(addressOf(before, name));
    expect(after.backup.servers[0]!.address).toEqual(before.backup.servers[0]!.address);
  });
});

describe("the size of a repository", () => {
  const bytesOf = (change: Partial<Vps>): number =>
    repositoryBytes(backedUp(inventoryWith({ "vps-0": change }))[0]!);
  const policy = inventoryWith().vps[0]!.backup;

  it("is one whole copy and what the kept snapshots change, in whole MiB", () => {
    expect(bytesOf({ disk: size("100GiB") })).toBe(168 * 2 ** 30);
    expect(bytesOf({}) % 2 ** 20).toBe(0);
    expect(bytesOf({ disk: size("64MiB") })).toBe(256 * 2 ** 20);
  });

  it("is what its file says", () => {
    expect(bytesOf({ backup: { ...policy, size: size("3GiB") } })).toBe(3 * 2 ** 30);
  });

  it("is counted where it stands", () => {
    const location = { lat: -7, lon: 110 };
    const overcommit = { cpu: 1, memory: 1, disk: 1 };
    const disk = size("4GiB");
    const capacity = { cpu: 8, memory: size("8GiB"), disk, headroom: 0, overcommit };
    const place = { name: "pusat-data", engine: "local" } as const;
    const site = { ...place, location, capacity, risks: [] };
    const inventory = inventoryWith({ "vps-1": { disk: size("2GiB") } });
    const sites = new Map([[site.name, site]]);
    const [finding] = checkCapacity({ ...inventory, kabupaten: { ...inventory.kabupaten, sites } });
    expect(finding!.what).toMatch(
      /^vps-1 asks pusat-data for 5594MiB of disk \(3546MiB of it for its backups\): /,
    );
  });
});

describe("the schedule of backups", () => {
  const every = fc.constantFrom("15m", "1h", "6h", "12h", "24h", "2d", "7d");
  const zone = fc.constantFrom("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura" as const);
  const policy = inventoryWith().vps[0]!.backup;
  const scheduled = (
    name: string,
    text: string,
    timezone: "Asia/Jakarta" | "Asia/Makassar" | "Asia/Jayapura",
  ) => scheduleOf({ name, policy: { ...policy, every: certain(Duration.parse(text)) } }, timezone);

  it("is due once in each period, at the same moment on every machine", () => {
    fc.assert(
      fc.property(fc.string(), every, zone, (name, text, timezone) => {
        const { everySeconds, offsetSeconds } = scheduled(name, text, timezone);
        expect(offsetSeconds).toBeGreaterThanOrEqual(0);
        expect(offsetSeconds).toBeLessThan(everySeconds);
        expect(scheduled(name, text, timezone)).toEqual({ everySeconds, offsetSeconds });
      }),
    );
  });

  it("is at night where it is daily, wherever in Indonesia", () => {
    const east = { "Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9 };
    fc.assert(
      fc.property(fc.string(), zone, (name, timezone) => {
        const local = (scheduled(name, "24h", timezone).offsetSeconds / 3600 + east[timezone]) % 24;
        expect(local >= 21 || local < 5).toBe(true);
      }),
    );
  });
});

function certainDate() {
  return inventoryWith().vps[0]!.expires;
}
