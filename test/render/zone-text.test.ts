import { describe, expect, it } from "vitest";

import { nameServerFiles } from "../../modules/render/dns-files.ts";
import { zoneFileName, zoneText } from "../../modules/render/zone-text.ts";
import { dnsPlan, NS1, PUBLIC, record, REVERSE6, zone } from "./dns-fixture.ts";

describe("zoneText", () => {
  it("is one record a line, the SOA first", () => {
    const small = zone("uji.go.id.", "public", [record("www.uji.go.id.", "A", "10.210.128.50")]);
    expect(zoneText(small, { hostmaster: "hostmaster.uji.go.id." })).toBe(
      `uji.go.id. 3600 IN SOA ns1.ujikab.go.id. hostmaster.uji.go.id. 1 300 30 1209600 60
uji.go.id. 300 IN NS ns1.ujikab.go.id.
uji.go.id. 300 IN NS ns2.ujikab.go.id.
www.uji.go.id. 300 IN A 10.210.128.50
`,
    );
  });

  it("wants a name server", () => {
    expect(() =>
      zoneText({ name: "uji.go.id.", visibility: "public", records: [] }, { hostmaster: "h." }),
    ).toThrow("zone uji.go.id.: no NS record at its apex");
  });

  it("names the file after the zone", () => {
    expect(zoneFileName({ name: REVERSE6 })).toBe("1.3.0.7.0.0.d.a.c.5.d.f.ip6.arpa.zone");
  });
});

describe("nameServerFiles", () => {
  it("are each server's configuration, and the zones beside the primary's", () => {
    expect(nameServerFiles(dnsPlan()).map(({ path }) => path)).toEqual([
      "ns-primary/knot.conf",
      "ns-primary/zones/1.3.0.7.0.0.d.a.c.5.d.f.ip6.arpa.zone",
      "ns-primary/zones/210.10.in-addr.arpa.zone",
      "ns-primary/zones/intra.ujikab.go.id.zone",
      "ns-primary/zones/ujikab.go.id.zone",
      "ns1/knot.conf",
      "ns2/knot.conf",
    ]);
  });

  it("have one hostmaster for all zones, that of the domain", () => {
    const zones = nameServerFiles(dnsPlan()).filter(({ path }) => path.endsWith(".zone"));
    for (const { text } of zones)
      expect(text.split("\n")[0]).toContain(`SOA ${NS1.hostname}. hostmaster.${PUBLIC} 1 `);
  });
});
