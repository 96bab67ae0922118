import { describe, expect, it } from "vitest";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import { parseLatitude, parseLongitude } from "../../modules/core/coordinates.ts";
import { Duration } from "../../modules/core/duration.ts";
import { parseEmail } from "../../modules/core/email.ts";
import { Fault } from "../../modules/core/fault.ts";
import { Hostname, parseLabel } from "../../modules/core/hostname.ts";
import { isKelurahan, liesIn, parseKemendagriCode } from "../../modules/core/kemendagri-code.ts";
import { parsePhoneNumber } from "../../modules/core/phone-number.ts";
import { parseSlug, slugOf } from "../../modules/core/slug.ts";

const name = (text: string): Hostname => {
  const parsed = Hostname.parse(text);
  if (parsed instanceof Fault) throw new Error(parsed.what);
  return parsed;
};

describe("Duration.parse", () => {
  it.each([
    ["30s", 30],
    ["15m", 900],
    ["24h", 86_400],
    ["7d", 604_800],
  ])("reads %s as %d seconds and keeps the text", (text, seconds) => {
    expect(Duration.parse(text)).toMatchObject({ seconds, text });
  });

  it.each([
    ["24", "write 24h"],
    ["24 h", "write 24h"],
    ["24H", "write 24h"],
    ["2 weeks", "write 14d"],
    ["10min", "write 10m"],
    ["0h", "write it as 15m, 24h or 7d"],
    ["1h30m", "write it as 15m, 24h or 7d"],
    ["-1h", "write it as 15m, 24h or 7d"],
    ["999999d", "write a shorter time"],
  ])("refuses %j: %s", (text, fix) => {
    expect(Duration.parse(text)).toMatchObject({ what: expect.any(String), fix });
  });
});

describe("CalendarDate.parse", () => {
  it.each(["2027-12-31", "2028-02-29", "2000-02-29", "1900-01-01"])("reads %s", (text) => {
    expect(CalendarDate.parse(text)).toMatchObject({ text });
  });

  it.each([
    ["2027-02-29", "the last day of that month is 2027-02-28"],
    ["2100-02-29", "the last day of that month is 2100-02-28"],
    ["2027-04-31", "the last day of that month is 2027-04-30"],
    ["2027-13-01", "months go from 01 to 12"],
    ["2027-00-01", "months go from 01 to 12"],
    ["31/12/2027", "write it as 2027-12-31"],
    ["2027/1/5", "write it as 2027-01-05"],
    ["1027-01-01", "write the year meant"],
    ["2027-12-31T00:00", "write it as 2027-12-31"],
    ["tomorrow", "write it as 2027-12-31"],
  ])("refuses %j: %s", (text, fix) => {
    expect(CalendarDate.parse(text)).toMatchObject({ what: expect.any(String), fix });
  });

  it("counts days over a leap day", () => {
    const [from, to] = [
      CalendarDate.parse("2028-02-28"),
      CalendarDate.parse("2028-03-01"),
    ] as CalendarDate[];
    expect([
      from!.daysUntil(to!),
      to!.daysUntil(from!),
      from!.isBefore(to!),
      to!.isBefore(from!),
    ]).toEqual([2, -2, true, false]);
  });
});

describe("Hostname.parse", () => {
  it.each(["temanggungkab.go.id", "a.b", "xn--80ak6aa92e.com", `${"a".repeat(63)}.go.id`])(
    "reads %s",
    (text) => {
      expect(Hostname.parse(text)).toMatchObject({ text });
    },
  );

  it.each([
    ["Temanggungkab.go.id", "write temanggungkab.go.id"],
    ["temanggungkab.go.id.", "write temanggungkab.go.id"],
    ["dinas_kominfo.go.id", "write dinas-kominfo.go.id"],
    ["localhost", "write it as temanggungkab.go.id"],
    ["-a.go.id", "write it as temanggungkab.go.id"],
    ["a-.go.id", "write it as temanggungkab.go.id"],
    ["a..id", "write it as temanggungkab.go.id"],
    [`${"a".repeat(64)}.id`, "write it as temanggungkab.go.id"],
    [`${"a.".repeat(127)}id`, "shorten it"],
    ["10.64.0.1", "write a name"],
    ["", "write it as temanggungkab.go.id"],
  ])("refuses %j", (text, fix) => {
    expect(Hostname.parse(text)).toMatchObject({ what: expect.any(String), fix });
  });

  it("covers itself and what lies below, not what only ends alike", () => {
    const domain = name("ujikab.go.id");
    expect(domain.child("www", "kominfo").text).toBe("www.kominfo.ujikab.go.id");
    expect(
      ["ujikab.go.id", "a.ujikab.go.id", "bujikab.go.id", "go.id"].map((text) =>
        domain.covers(name(text)),
      ),
    ).toEqual([true, true, false, false]);
  });
});

describe.each([
  [
    "parseLabel",
    parseLabel,
    ["ppdb", "a", "0x", "kec-parakan"],
    ["", "-a", "a-", "A", "a.b", "a_b", "a".repeat(64), "é"],
  ],
  [
    "parseSlug",
    parseSlug,
    ["dinas-pendidikan", "a", "a1-2", "a".repeat(41)],
    ["", "1a", "a--b", "a-", "-a", "A", "a_b", "a/b", "..", "a".repeat(42), "a\n"],
  ],
  [
    "parseEmail",
    parseEmail,
    ["tik@dindikpora.temanggungkab.go.id", "a.b+c@x.id"],
    [
      "",
      "tik",
      "tik@",
      "@x.id",
      "a@b@x.id",
      "a..b@x.id",
      ".a@x.id",
      "a b@x.id",
      "a@x",
      "Tik <tik@x.id>",
      "a@x.id\n",
      `${"a".repeat(65)}@x.id`,
    ],
  ],
  [
    "parsePhoneNumber",
    parsePhoneNumber,
    ["+62 293 491004", "0293-491004", "112911"],
    ["", "12345", "+62 (293) 1", "1234567890123456", "+62 293 491004;", "++62293491004"],
  ],
  [
    "kabupaten code",
    parseKemendagriCode("kabupaten"),
    ["33.23"],
    ["3323", "33.2", "33.23.08", "33.23 ", ""],
  ],
  [
    "kecamatan code",
    parseKemendagriCode("kecamatan"),
    ["33.23.08"],
    ["33.23", "33.23.8", "33-23-08"],
  ],
  [
    "desa code",
    parseKemendagriCode("desa"),
    ["33.23.08.1001", "33.23.08.2002"],
    ["33.23.08", "33.23.08.4001", "33.23.08.201"],
  ],
] as const)("%s", (_, parse, right, wrong) => {
  it.each(right)("reads %j", (text) => {
    expect(parse(text)).toBe(text);
  });

  it.each(wrong)("refuses %j and says what to write", (text) => {
    expect(parse(text)).toBeInstanceOf(Fault);
    expect(parse(text)).toMatchObject({
      what: expect.stringMatching(/^".*" /s),
      fix: expect.stringMatching(/\S/),
    });
  });
});

describe("codes of areas", () => {
  it("nest by whole parts", () => {
    expect([
      liesIn("33.23.08", "33.23"),
      liesIn("33.23", "33.23"),
      liesIn("33.231", "33.23"),
    ]).toEqual([true, false, false]);
  });

  it("tell a kelurahan from a desa", () => {
    expect([isKelurahan("33.23.08.1001"), isKelurahan("33.23.08.2001")]).toEqual([true, false]);
  });
});

describe("slugOf", () => {
  it.each([
    ["Parakan Wetan", "parakan-wetan"],
    ["Ma'rang (Barat)", "marang-barat"],
    ["  Lubuk Pakam I,II ", "lubuk-pakam-i-ii"],
    ["Café", "cafe"],
    ["40", "40"],
    ["--", ""],
  ])("%j is %j", (text, slug) => {
    expect(slugOf(text)).toBe(slug);
  });
});

describe("coordinates", () => {
  it("are degrees within Indonesia", () => {
    expect([parseLatitude("-7.3167"), parseLongitude("110.1746"), parseLatitude("0")]).toEqual([
      -7.3167, 110.1746, 0,
    ]);
  });

  it.each(["110.1746", "7,3", "07.3", "1e1", "", "NaN", "-7.316712345"])(
    "%j is no latitude",
    (text) => {
      expect(parseLatitude(text)).toBeInstanceOf(Fault);
    },
  );

  it("asks about swapped values", () => {
    expect(parseLongitude("-7.3167")).toMatchObject({ fix: expect.stringContaining("swapped") });
  });
});
