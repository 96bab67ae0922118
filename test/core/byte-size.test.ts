import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ByteSize } from "../../modules/core/byte-size.ts";
import { Fault } from "../../modules/core/fault.ts";

describe("ByteSize.parse", () => {
  it.each([
    ["512MiB", 536_870_912, "512MiB"],
    ["1024MiB", 1_073_741_824, "1GiB"],
    ["1536MiB", 1_610_612_736, "1536MiB"],
    ["20TiB", 21_990_232_555_520, "20TiB"],
    ["1024TiB", 2 ** 50, "1024TiB"],
  ])("reads %s as %d bytes, canonically %s", (text, bytes, canonical) => {
    expect(ByteSize.parse(text)).toMatchObject({ bytes, text: canonical });
  });

  it.each([
    ["2", "write 2GiB"],
    ["2GB", "write 2GiB"],
    ["2G", "write 2GiB"],
    ["2 GiB", "write 2GiB"],
    ["2gib", "write 2GiB"],
    ["0.5GiB", "write 512MiB"],
    ["512K", "write 1MiB"],
    ["0GiB", "write it as 512MiB"],
    ["-2GiB", "write it as 512MiB"],
    ["0x2GiB", "write it as 512MiB"],
    ["1e3MiB", "write it as 512MiB"],
    ["2PiB", "write it as 512MiB"],
    ["2GiB\n", "write it as 512MiB"],
    ["1025TiB", "write the size that is really there"],
    ["9999999999999999TB", "write 512MiB"],
    ["", "write it as 512MiB"],
  ])("refuses %j: %s", (text, fix) => {
    expect(ByteSize.parse(text)).toMatchObject({ what: expect.any(String), fix });
  });

  it("says why a bare number is refused", () => {
    expect(ByteSize.parse("2")).toMatchObject({
      predicate: "is 2, a size without a unit",
      reason: { id: "size-without-unit" },
    });
  });

  it("reads its own text back as the same size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (mebibytes) => {
        const size = ByteSize.mebibytes(mebibytes);
        expect(ByteSize.parse(size.text)).toEqual(size);
      }),
    );
  });

  it("never fixes a mistake into another one", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\d{1,4}(\.\d)? ?[kKmMgGtT]?i?[bB]?$/)),
        (text) => {
          const read = ByteSize.parse(text);
          const [, meant] = read instanceof Fault ? (/^write (\d\S*)$/.exec(read.fix) ?? []) : [];
          if (meant !== undefined) expect(ByteSize.parse(meant)).toBeInstanceOf(ByteSize);
        },
      ),
      { numRuns: 500 },
    );
  });
});
