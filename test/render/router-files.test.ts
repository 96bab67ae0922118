import { describe, expect, it } from "vitest";

import { bundle } from "../../modules/render/config-file.ts";
import { routerAddresses } from "../../modules/render/router-addresses.ts";
import { routerFiles } from "../../modules/render/router-files.ts";
import { judge } from "./router-carrier.ts";
import { BLOCK, kabupaten, withDrc } from "./router-fixture.ts";

const { core, pop, gateway, agencies } = kabupaten(2);

describe("routerAddresses", () => {
  it("puts the loopback, the management address and the LAN's first host on lo, and numbers the segments", () => {
    expect(routerAddresses(agencies[0]!)).toBe(`\
# dinas-1
lo 10.209.1.11/32
lo fd5c:ad00:7031:ff01::b/128
lo 10.209.11.11/32
lo fd5c:ad00:7031:fe01::b/128
lo 10.212.1.1/32
lo fd5c:ad00:7031:8001::1/128
segment 1 10.208.16.10 access-parakan
`);
  });

  it("numbers segments as the packet filter does", () => {
    expect(routerAddresses(pop)).toContain("segment 2 10.208.16.1 access-parakan\n");
  });
});

describe("routerFiles", () => {
  it("leaves out routers that are no container", () => {
    const external = { ...agencies[1]!, kind: "external" as const };
    const paths = routerFiles([agencies[0]!, external], BLOCK).map(({ path }) => path);
    expect(paths).toEqual(
      ["addresses", "bird.conf", "nftables.conf", "shaping"].map((file) => `dinas-1/${file}`),
    );
  });

  it("keeps a person's line breaks out of the configuration", () => {
    const title = "Dinas\nprotocol static own9 {}\u2028chain x {}";
    const texts = routerFiles([{ ...pop, title }], BLOCK).map(({ text }) => text);
    for (const text of texts) expect(text).not.toMatch(/^(protocol static own9|chain x)/m);
  });

  it("passes bird -p and nft -c for every kind of router", () => {
    const files = routerFiles([core, pop, gateway, ...agencies], BLOCK);
    expect(judge("router", bundle(files), "ls -A /etc/simpul")).toEqual({
      exitCode: 0,
      said: `carrier: 5 routers: 5 new, 0 texts changed, 0 removed
core-pusat-data
dinas-1
dinas-2
dinas-kesehatan
pop-parakan
`,
    });
  });

  it.each([true, false])("passes them for a core beside another, dialling it: %s", (dialled) => {
    const files = routerFiles([withDrc(core, dialled)], BLOCK);
    expect(judge("router", bundle(files))).toMatchObject({ exitCode: 0 });
  });

  it("passes them for a POP with 300 neighbours, rendered in under a second", () => {
    const before = process.cpuUsage();
    const big = kabupaten(300);
    const files = routerFiles([big.pop], BLOCK);
    // Of the processor: what else this machine does takes none of it.
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(1_000_000);
    // Loaded twice: the second time in place of the first.
    const load = "nft -f /etc/simpul/pop-parakan/nftables.conf";
    expect(judge("router", bundle(files), `time (${load}; ${load})`)).toMatchObject({
      exitCode: 0,
    });
  });
});

describe("the router carrier", () => {
  const good = routerFiles([agencies[0]!], BLOCK);
  const text = bundle(good);

  it.each([
    [
      "a word BIRD does not know",
      text.replace("|protocol device", "|protokol device"),
      /carrier: dinas-1\/bird\.conf: .*:5:1 syntax error/,
    ],
    [
      "a word nft does not know",
      text.replace("|  chain input", "|  chein input"),
      /carrier: dinas-1\/nftables\.conf: /,
    ],
    [
      "an address line of another form",
      text.replace("|lo 10", "|lo 10; reboot 10"),
      /dinas-1\/addresses: not an address line/,
    ],
    ["a missing file", bundle(good.slice(1)), /dinas-1\/addresses: is missing/],
    ["a way out of the volume", "F ../etc/passwd\n|x\n", /path \.\.\/etc\/passwd is not allowed/],
    ["a file of another name", "F dinas-1/run.sh\n|x\n", /path dinas-1\/run\.sh is not allowed/],
    ["text without a path", "|x\n", /line 1 of the bundle: text before the first path/],
    ["a line of neither kind", `${text}x\n`, /neither a path nor text/],
    ["a path that stands twice", text + text, /stands there twice/],
  ])("refuses %s and moves nothing", (_, wrong, message) => {
    const { exitCode, said } = judge("router", wrong);
    expect(said).toMatch(message);
    expect(exitCode).toBe(1);
  });

  it("leaves what stands in place when it refuses, and finishes what was cut short", () => {
    const again = [
      "sed 's/protocol device/protokol device/' /bundle >/wrong",
      "cp -a /etc/simpul/dinas-1 /before",
      "! BUNDLE=/wrong simpul-carrier 2>/dev/null",
      "diff -r /before /etc/simpul/dinas-1",
      // As a carrier leaves it that was killed between two renames.
      "mkdir -p /etc/simpul/.staging/dinas-9 /etc/simpul/gone",
      "echo old >/etc/simpul/dinas-1/addresses",
      "simpul-carrier",
      "diff -r /before /etc/simpul/dinas-1",
      "ls -A /etc/simpul",
    ].join(" && ");
    expect(judge("router", text, again)).toEqual({
      exitCode: 0,
      said: `carrier: 1 routers: 1 new, 0 texts changed, 0 removed
carrier: 1 routers: 0 new, 1 texts changed, 1 removed
.before
dinas-1
`,
    });
  });
});
