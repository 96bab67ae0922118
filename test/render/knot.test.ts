import { describe, expect, it } from "vitest";

import { bundle, type ConfigFile } from "../../modules/render/config-file.ts";
import { nameServerFiles } from "../../modules/render/dns-files.ts";
import { knotPrimaryConfig, knotSecondaryConfig } from "../../modules/render/knot.ts";
import { dnsPlan, NS1, NS2, PUBLIC, record } from "./dns-fixture.ts";
import { judge } from "./router-carrier.ts";
import { addresses } from "./router-fixture.ts";

describe("knotPrimaryConfig", () => {
  const config = knotPrimaryConfig(dnsPlan());

  it("meets servers of its own segment there, without a router between", () => {
    expect(config).toContain(`  - id: ns1
    address: [10.211.7.11@53, fd5c:ad00:7031:77::11@53]
    via: [10.211.7.10, fd5c:ad00:7031:77::10]`);
  });

  it("meets servers of other segments at their service addresses", () => {
    const away = {
      ...NS2,
      segment: "drc",
      address: addresses("10.211.9.12", "fd5c:ad00:7031:99::12"),
    };
    const two = knotPrimaryConfig({ ...dnsPlan(), secondaries: [NS1, away] });
    expect(two).toContain(`  - id: ns2
    address: [10.210.129.12@53, fd5c:ad00:7031:5::12@53]
    via: [10.210.129.10, fd5c:ad00:7031:5::10]`);
    expect(two).not.toContain("10.211.9.12");
  });

  it("answers nobody but its secondaries and itself", () => {
    expect(config).toContain("global-module: mod-queryacl/hidden");
    expect(config).not.toContain("10.208.0.0/12");
  });

  it("tells the secondaries which zones are internal", () => {
    expect(config).toContain(`  - domain: intra.ujikab.go.id.
    template: signed
    file: intra.ujikab.go.id.zone
    catalog-group: internal`);
  });

  it("holds no secret", () => {
    expect(config).toContain("include: /run/simpul-secrets/tsig.conf");
    expect(config).not.toMatch(/secret:/);
  });
});

describe("knotSecondaryConfig", () => {
  it("names no zone but the catalog", () => {
    const config = knotSecondaryConfig(dnsPlan(), NS1);
    expect(config.match(/- domain: .*/g)).toEqual(["- domain: catalog.invalid."]);
  });

  it("gives whole zones to resolvers only, and the catalog to nobody", () => {
    const config = knotSecondaryConfig(dnsPlan(), NS1);
    expect(config).toContain(`  - id: resolvers
    address: [10.210.129.13, fd5c:ad00:7031:5::13]
    action: transfer`);
    expect(config).toContain(`  - id: default
    global-module: mod-rrl/strangers
    acl: primary
`);
  });

  it("answers for internal zones to the kabupaten's own block", () => {
    expect(knotSecondaryConfig(dnsPlan(), NS1)).toContain(`  - id: internal
    address: [10.208.0.0/12, fd5c:ad00:7031::/48]`);
  });
});

describe("the name servers' carrier", { timeout: 60_000 }, () => {
  const files = nameServerFiles(dnsPlan());
  const carry = (changed: readonly ConfigFile[], then?: string) =>
    judge("name-server", bundle(changed), then);
  const withRecords = (...records: readonly ReturnType<typeof record>[]) =>
    nameServerFiles(dnsPlan(records));

  it("finds them right and puts them in place", () => {
    const { exitCode, said } = carry(
      files,
      "cd /etc/simpul && cat ns1/knot.conf && ls ns-primary/zones",
    );
    expect(exitCode, said).toBe(0);
    expect(said).toContain("catalog-role: interpret");
    expect(said).toContain("ujikab.go.id.zone");
  });

  it("does the same twice, and then nothing", () => {
    const { exitCode, said } = carry(files, "simpul-carrier && ls -a /etc/simpul");
    expect(exitCode, said).toBe(0);
    expect(said).toContain("nothing has changed");
    expect(said).not.toContain(".staging");
  });

  it("finishes what a killed one began", () => {
    const { exitCode, said } = carry(
      files,
      "cd /etc/simpul && rm -r current ns1 && mkdir -p .staging/ns9 && ln -s x .current && simpul-carrier && cat ns1/knot.conf",
    );
    expect(exitCode, said).toBe(0);
    expect(said).toContain("catalog-role: interpret");
  });

  it("keeps the time of a zone that stays the same, so that Knot does not load it again", () => {
    const next = bundle(withRecords(record(`baru.${PUBLIC}`, "A", "10.210.128.51")));
    const zones = "cd /etc/simpul/ns-primary/zones && stat -c '%n %i' *";
    const { said } = carry(
      files,
      `(${zones}) && cat >/bundle <<'END'\n${next}END\nsimpul-carrier && (${zones})`,
    );
    const inodes = new Map<string, Set<string>>();
    for (const [, name, inode] of said.matchAll(/^(\S+\.zone) (\d+)$/gm))
      inodes.set(name!, (inodes.get(name!) ?? new Set()).add(inode!));
    expect([...inodes].filter(([, each]) => each.size > 1).map(([name]) => name)).toEqual([
      "ujikab.go.id.zone",
    ]);
  });

  it.each([
    ["an address that is none", withRecords(record(`x.${PUBLIC}`, "A", "10.210.128.999"))],
    [
      "a CNAME beside others",
      withRecords(
        record(`x.${PUBLIC}`, "CNAME", `www.${PUBLIC}`),
        record(`x.${PUBLIC}`, "A", "10.210.128.1"),
      ),
    ],
  ])("refuses %s, and says where", (_, wrong) => {
    const { exitCode, said } = carry(wrong);
    expect(exitCode).toBe(1);
    expect(said).toContain("carrier: ns-primary/zones/ujikab.go.id.zone: ");
    expect(said).toContain("nothing was moved");
  });

  it("refuses what Knot does not understand, and says where", () => {
    const wrong = files.map((file) => ({
      ...file,
      text: file.text.replace("catalog-role: interpret", "catalog-role: guess"),
    }));
    const { exitCode, said } = carry(wrong);
    expect(exitCode).toBe(1);
    expect(said).toMatch(/carrier: ns1\/knot\.conf: .*line \d+/);
  });

  it.each(["../knot.conf", "ns1/../../etc/passwd", "ns1/zones/..zone", "/etc/passwd", "ns1/x.sh"])(
    "refuses the path %s",
    (path) => {
      const { exitCode, said } = carry([{ path, text: "" }]);
      expect(exitCode).toBe(1);
      expect(said).toContain("is not allowed");
    },
  );
});
