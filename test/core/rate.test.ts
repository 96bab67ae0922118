import { describe, expect, it } from "vitest";

import { Rate } from "../../modules/core/rate.ts";

describe("Rate.parse", () => {
  it.each([
    ["512kbps", 512_000, "512kbps"],
    ["50Mbps", 50_000_000, "50Mbps"],
    ["1000Mbps", 1_000_000_000, "1Gbps"],
    ["400Gbps", 400_000_000_000, "400Gbps"],
  ])("reads %s as %d bits per second, canonically %s", (text, bitsPerSecond, canonical) => {
    expect(Rate.parse(text)).toMatchObject({ bitsPerSecond, text: canonical });
  });

  it.each([
    ["50", "write 50Mbps"],
    ["50mbps", "write 50Mbps"],
    ["50 Mbps", "write 50Mbps"],
    ["50Mbit", "write 50Mbps"],
    ["50MB", "write 50Mbps"],
    ["1g", "write 1Gbps"],
    ["0Mbps", "write it as 50Mbps"],
    ["1.5Mbps", "write it as 50Mbps"],
    ["401Gbps", "write the rate of the line"],
    ["", "write it as 50Mbps"],
  ])("refuses %j: %s", (text, fix) => {
    expect(Rate.parse(text)).toMatchObject({ what: expect.any(String), fix });
  });
});
