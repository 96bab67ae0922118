import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { TemporaryInventory } from "./temporary-inventory.ts";

describe("two kabupaten in one inventory", () => {
  it("that share an engine and addresses are told so in the files of both, for each family", async () => {
    using inventory = new TemporaryInventory();
    beside(inventory);
    expect(await inventory.findings()).toEqual([
      "../tetangga/kabupaten.yaml:12:9 block-overlap",
      "../tetangga/kabupaten.yaml:13:9 block-overlap",
      "kabupaten.yaml:12:9 block-overlap",
      "kabupaten.yaml:13:9 block-overlap",
    ]);
    const [theirs] = (await inventory.load()).findings;
    expect(theirs).toMatchObject({
      severity: "error",
      what: expect.stringMatching(
        /of uji \(kabupaten\.yaml:12\), and both run on the local engine$/,
      ),
    });
  });

  it("are told of one family when only that overlaps, also where one block lies in the other", async () => {
    using inventory = new TemporaryInventory();
    beside(inventory, (text) =>
      text.replace(/ipv6: .*/, "ipv6: fd11:2222:3333::/48").replace(/ipv4: .*/, "ipv4: 10.0.0.0/8"),
    );
    expect(await inventory.findings()).toEqual([
      "../tetangga/kabupaten.yaml:12:9 block-overlap",
      "kabupaten.yaml:12:9 block-overlap",
    ]);
  });

  it.each([
    ["ssh://ops@10.9.9.9", "ssh://root@10.9.9.9:22", 4],
    ["ssh://ops@10.9.9.9", "ssh://ops@10.9.9.9:2222", 0],
    ["ssh://ops@10.9.9.9", "ssh://ops@10.9.9.8", 0],
  ])("know %s and %s by host and port", async (ours, theirs, findings) => {
    using inventory = new TemporaryInventory();
    const own = readFileSync(inventory.path("kabupaten.yaml"), "utf8");
    inventory.write("kabupaten.yaml", onEngine(own, "satu", ours));
    beside(inventory, () => onEngine(own, "dua", theirs));
    expect((await inventory.findings()).length).toBe(findings);
  });

  it("may have the same addresses on engines of their own", async () => {
    using inventory = new TemporaryInventory();
    beside(inventory, (text) => onEngine(text, "sendiri", "ssh://ops@10.9.9.9"));
    expect(await inventory.findings()).toEqual([]);
  });

  it("are warned only, once for each family, while one is as init wrote it", async () => {
    using inventory = new TemporaryInventory();
    const begun = (text: string) =>
      text.replace(/location: \{ /, "location: { placeholder: true, ");
    for (const name of ["a", "b", "c", "d", "e", "f"]) beside(inventory, begun, name);
    const { findings } = await inventory.load();
    expect(findings.map(({ severity, what }) => [severity, what])).toEqual([
      ["warning", expect.stringMatching(/the block of a, b, c, d and 2 more, on the same engine/)],
      ["warning", expect.stringMatching(/the block of a, b, c, d and 2 more, on the same engine/)],
    ]);
  });

  it("do not answer for each other's mistakes", async () => {
    using inventory = new TemporaryInventory();
    beside(inventory, () => "ipv4: [: broken");
    beside(inventory, () => "addressing: { ipv4: 10.0.0.1/8 }", "lain");
    expect(await inventory.findings()).toEqual([]);
  });
});

/** Another kabupaten: `uji` again, changed. */
function beside(
  inventory: TemporaryInventory,
  change = (text: string): string => text,
  name = "tetangga",
): void {
  const file = join(inventory.directory, name, "kabupaten.yaml");
  cpSync(inventory.path(), join(inventory.directory, name), { recursive: true });
  inventory.write(`../${name}/kabupaten.yaml`, change(readFileSync(file, "utf8")));
}

function onEngine(text: string, name: string, host: string): string {
  return text
    .replaceAll("engine: local", `engine: ${name}`)
    .replace("local: {}", `${name}: { host: "${host}" }`);
}
