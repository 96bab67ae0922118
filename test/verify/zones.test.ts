import { describe, expect, it } from "vitest";

import type { RecordPlan, ZonePlan } from "../../modules/plan/dns-plan.ts";
import { compareZones } from "../../modules/verify/zones.ts";
import { parseZones } from "../../modules/verify/zone-content.ts";

// Recorded from Knot 3.2.6, `knotc zone-read --`.
const ZONE_READ = `[catalog.invalid.] catalog.invalid. 0 NS invalid.
[catalog.invalid.] catalog.invalid. 0 SOA invalid. invalid. 1795412735 3600 600 2147483646 0
[catalog.invalid.] version.catalog.invalid. 0 TXT "2"
[catalog.invalid.] 6e00faafff253f66.zones.catalog.invalid. 0 PTR x.go.test.
[x.go.test.] x.go.test. 3600 NS ns1.x.go.test.
[x.go.test.] x.go.test. 3600 SOA ns1.x.go.test. hostmaster.x.go.test. 1795412735 900 120 1209600 60
[x.go.test.] x.go.test. 3600 RRSIG NS 13 3 3600 20261207054535 20261123041535 18241 x.go.test. wsa/ZzZd5Wh9OHSYdx06L6dd7TcUW7t5UyMpprafna5mWTblLIC5uAPgSG4MGq1Ca5U1LUyX5He6rNFL871oTw==
[x.go.test.] x.go.test. 3600 DNSKEY 257 3 13 0me3vVTyEksDtAOJgu9WYwdAcnT470wFf9HXDIH9mdek5LAka0e1TxVpxswo+opEAACTrqA8T15NsBke26SI/g==
[x.go.test.] x.go.test. 60 NSEC3PARAM 1 0 0 -
[x.go.test.] ns1.x.go.test. 300 A 10.1.1.1
[x.go.test.] w.x.go.test. 300 A 10.1.1.9
[x.go.test.] cjq1jf01hg76l291rnof0laf1f10a79v.x.go.test. 60 NSEC3 1 0 0 - csskktih0v0oc3agk5ah3o76k3c8pdfl NS SOA RRSIG DNSKEY NSEC3PARAM
[1.10.in-addr.arpa.] 1.10.in-addr.arpa. 3600 NS ns1.x.go.test.
[1.10.in-addr.arpa.] 1.10.in-addr.arpa. 3600 SOA ns1.x.go.test. hostmaster.x.go.test. 7 900 120 1209600 60
[1.10.in-addr.arpa.] 1.10.in-addr.arpa. 3600 DNSKEY 257 3 13 AAAA
[1.10.in-addr.arpa.] 9.1.1.10.in-addr.arpa. 300 PTR w.x.go.test.
`;

const record = (name: string, type: RecordPlan["type"], data: string): RecordPlan => ({
  name,
  type,
  data,
  ttl: 300,
  owner: "dinas-kominfo",
});
const PLANNED: readonly ZonePlan[] = [
  {
    name: "1.10.in-addr.arpa.",
    visibility: "internal",
    records: [
      record("1.10.in-addr.arpa.", "NS", "ns1.x.go.test."),
      record("9.1.1.10.in-addr.arpa.", "PTR", "w.x.go.test."),
    ],
  },
  {
    name: "x.go.test.",
    visibility: "public",
    records: [
      record("ns1.x.go.test.", "A", "10.1.1.1"),
      record("w.x.go.test.", "A", "10.1.1.9"),
      record("x.go.test.", "NS", "ns1.x.go.test."),
    ],
  },
];

const server = (name: string, text: string) => ({
  name,
  container: `c-${name}`,
  isPrimary: name === "ns-primary",
  zones: parseZones(text),
});

/** What is found when the primary holds all and the secondary holds this. */
function told(secondary: string): readonly string[] {
  const servers = [server("ns-primary", ZONE_READ), server("ns1", secondary)];
  return compareZones(PLANNED, servers, { placeOf: () => undefined }).map(
    ({ id, what }) => `${id}: ${what}`,
  );
}

describe("zones on name servers", () => {
  it("are read without the catalog, signatures and SOA", () => {
    expect(parseZones(ZONE_READ)).toEqual([
      {
        name: "x.go.test.",
        serial: 1795412735,
        signed: true,
        records: [
          { name: "x.go.test.", type: "NS", data: "ns1.x.go.test." },
          { name: "ns1.x.go.test.", type: "A", data: "10.1.1.1" },
          { name: "w.x.go.test.", type: "A", data: "10.1.1.9" },
        ],
      },
      {
        name: "1.10.in-addr.arpa.",
        serial: 7,
        signed: true,
        records: [
          { name: "1.10.in-addr.arpa.", type: "NS", data: "ns1.x.go.test." },
          { name: "9.1.1.10.in-addr.arpa.", type: "PTR", data: "w.x.go.test." },
        ],
      },
    ]);
  });

  it("are as planned", () => {
    expect(told(ZONE_READ)).toEqual([]);
  });

  it.each([
    [
      "a record is missing",
      ZONE_READ.replace(/.* ns1\.x\.go\.test\. 300 A .*\n/, ""),
      ["record-missing: name server ns1 lacks 1 record of x.go.test.: ns1.x.go.test. A 10.1.1.1"],
    ],
    [
      "a record is nobody's",
      `${ZONE_READ}[x.go.test.] judi.x.go.test. 300 A 10.1.1.66\n`,
      [
        "record-unplanned: name server ns1 serves 1 record of x.go.test. that the plan does not have: judi.x.go.test. A 10.1.1.66",
      ],
    ],
    [
      "an address differs, and so does the way back",
      ZONE_READ.replace("300 A 10.1.1.9", "300 A 10.1.1.8"),
      [
        "record-missing: name server ns1 lacks 1 record of x.go.test.: w.x.go.test. A 10.1.1.9",
        "record-unplanned: name server ns1 serves 1 record of x.go.test. that the plan does not have: w.x.go.test. A 10.1.1.8",
        "reverse-mismatch: on name server ns1, 1 reverse name without a way back: 9.1.1.10.in-addr.arpa. to w.x.go.test.",
      ],
    ],
    [
      "a zone is older",
      ZONE_READ.replace("1795412735 900", "1795412700 900"),
      [
        "zone-behind: name server ns1 holds 1 zone with another serial than the primary: x.go.test. 1795412700 instead of 1795412735",
      ],
    ],
    [
      "a zone is missing",
      ZONE_READ.replace(/^\[1\.10.*\n/gm, ""),
      ["zone-missing: name server ns1 does not hold 1 zone: 1.10.in-addr.arpa."],
    ],
    [
      "a zone is nobody's",
      `${ZONE_READ}[y.test.] y.test. 60 SOA a. b. 1 1 1 1 1\n[y.test.] y.test. 60 DNSKEY 257 3 13 AAAA\n`,
      ["zone-unplanned: name server ns1 holds 1 zone that the plan does not have: y.test."],
    ],
    [
      "a zone is not signed",
      ZONE_READ.replace(/.*in-addr\.arpa\. 3600 DNSKEY.*\n/, ""),
      ["zone-unsigned: name server ns1 holds 1 zone without signatures: 1.10.in-addr.arpa."],
    ],
  ])("show it when %s", (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});
