import { describe, expect, it } from "vitest";

import { importNumbers } from "../../modules/plan/ip-import.ts";
import { ipList } from "../../modules/plan/ip-list.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const SHAPE = { pops: 1, lans: [{ length: 24, pop: 0 }], vps: [0] };
const HEADER = "kind,owner,name,prefix";
const INVENTORY = buildInventory(SHAPE);

describe("importNumbers", () => {
  it("reads what ip list gives, and pins exactly that", () => {
    const { plan } = makePlan(INVENTORY);
    const rows = ipList(plan!.allocations).map(({ kind, owner, name, prefix = "", address = "" }) =>
      [kind, owner, name, prefix, address].join(","),
    );
    const { lines, findings } = read(["kind,owner,name,prefix,address", ...rows]);
    expect(findings).toEqual([]);
    const own = [...lockEntries(plan!)].filter(([key]) => !/^(?:asn|aggregate)\//.test(key));
    expect(lines).toEqual(new Map(own));
  });

  it("lets IPv6 follow: a service at the same offset, hosts with their segment, a LAN as planned", () => {
    const { lines, findings } = read([
      "kind,owner,name,address",
      "service,agency-0,vps-0,10.114.128.9",
      "vps,agency-0,vps-0,10.114.4.70",
      "tenant,agency-0,,10.114.4.64/26",
      "lan,agency-0,agency-0,10.116.9.0/24",
    ]);
    expect(findings).toEqual([]);
    expect(lines.get("service/vps-0")).toBe("10.114.128.9 fd12:3456:789a:4000::9");
    const [, segment] = lines.get("tenant/agency-0")!.split(" ");
    expect(lines.get("vps/vps-0")).toBe(`10.114.4.70 ${segment!.replace("/64", "6")}`);
    expect(lines.get("lan/agency-0")).toMatch(/^10\.116\.9\.0\/24 fd12:3456:789a:[0-9a-f]+::\/64$/);
  });

  it.each([
    ["no header", ["lan,agency-0,,10.116.9.0/24"], 1, "import-form"],
    ["host bits", [HEADER, "lan,agency-0,,10.116.9.1/24"], 2, "import-form"],
    ["an octal octet", [HEADER, "", "lan,agency-0,,10.116.09.0/24"], 3, "import-form"],
    ["no slug", [HEADER, "lan,Agency 0,,10.116.9.0/24"], 2, "import-form"],
    ["too many cells", [HEADER, "lan,agency-0,,10.116.9.0/24,x"], 2, "import-form"],
    ["IPv6 alone", [HEADER, "lan,agency-0,,fd12:3456:789a:8001::/64"], 2, "import-form"],
    [
      "a thing twice",
      [HEADER, "lan,agency-0,,10.116.9.0/24", "lan,agency-0,,10.116.8.0/24"],
      3,
      "import-twice",
    ],
    ["a stranger", [HEADER, "lan,agency-9,,10.116.9.0/24"], 2, "import-unknown"],
    ["a wrong pool", [HEADER, "lan,agency-0,,10.120.9.0/24"], 2, "lock-contradicts-inventory"],
    [
      "the engine's address",
      [HEADER, "tenant,agency-0,,10.114.4.64/26", "vps,agency-0,vps-0,10.114.4.126/32"],
      3,
      "lock-contradicts-inventory",
    ],
  ])("says at its line what is wrong with %s", (_name, rows, line, id) => {
    const { findings } = read(rows);
    expect(findings).toMatchObject([{ id, severity: "error", at: { file: "numbers.csv", line } }]);
  });

  it("does not contradict the lock", () => {
    const lock = lockOf(lockEntries(makePlan(INVENTORY).plan!));
    const text = `${HEADER}\nlan,agency-0,,10.116.9.0/24\n`;
    const { findings } = importNumbers(buildInventory(SHAPE, lock), "numbers.csv", text);
    expect(findings).toMatchObject([{ id: "import-differs", at: { line: 2 } }]);
  });
});

function read(rows: readonly string[]) {
  return importNumbers(INVENTORY, "numbers.csv", rows.join("\r\n"));
}
