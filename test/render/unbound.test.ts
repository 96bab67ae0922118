import { describe, expect, it } from "vitest";

import { bundle } from "../../modules/render/config-file.ts";
import { resolverFiles } from "../../modules/render/dns-files.ts";
import { type TrustAnchor, unboundConfig } from "../../modules/render/unbound.ts";
import { dnsPlan, RESOLVER, REVERSE4 } from "./dns-fixture.ts";
import { judge } from "./router-carrier.ts";

const anchors: readonly TrustAnchor[] = dnsPlan().zones.map(({ name }, at) => ({
  zone: name,
  keyTag: at,
  algorithm: 13,
  digestType: 2,
  digest: "ab".repeat(32),
}));

describe("unboundConfig", () => {
  const config = unboundConfig(dnsPlan(), RESOLVER, anchors);

  it("copies our zones from every secondary, below their own anchors", () => {
    expect(config).toContain(`auth-zone:
    name: "${REVERSE4}"
    primary: 10.210.129.11
    primary: fd5c:ad00:7031:5::11
    primary: 10.210.129.12
    primary: fd5c:ad00:7031:5::12
    zonefile: "/var/lib/unbound/zones/210.10.in-addr.arpa.zone"
    fallback-enabled: yes
    for-downstream: no
    for-upstream: yes
stub-zone:
    name: "${REVERSE4}"
    stub-addr: 10.210.129.11
    stub-addr: fd5c:ad00:7031:5::11
    stub-addr: 10.210.129.12
    stub-addr: fd5c:ad00:7031:5::12`);
    expect(config).toContain(`trust-anchor: "${REVERSE4} DS 1 13 2 ${"ab".repeat(32)}"`);
  });

  it("answers the kabupaten's own block only", () => {
    expect(config.match(/access-control: .* allow/g)).toEqual([
      "access-control: 10.208.0.0/12 allow",
      "access-control: fd5c:ad00:7031::/48 allow",
    ]);
  });

  it("takes no zone of ours without an anchor", () => {
    expect(config).not.toContain("domain-insecure");
    expect(() => unboundConfig(dnsPlan(), RESOLVER, anchors.slice(1))).toThrow(
      `zone ${anchors[0]!.zone} has no trust anchor`,
    );
  });
});

describe("the resolvers' carrier", { timeout: 60_000 }, () => {
  const files = resolverFiles(dnsPlan(), anchors);

  it("finds them right and puts them in place", () => {
    const { exitCode, said } = judge(
      "resolver",
      bundle(files),
      "cat /etc/simpul/resolver1/unbound.conf",
    );
    expect(exitCode, said).toBe(0);
    expect(said).toContain("stub-zone:");
  });

  it("refuses what unbound does not understand, and says where", () => {
    const wrong = files.map((file) => ({
      ...file,
      text: file.text.replace("prefetch: yes", "prefetch: often"),
    }));
    const { exitCode, said } = judge("resolver", bundle(wrong));
    expect(exitCode).toBe(1);
    expect(said).toMatch(/carrier: resolver1\/unbound\.conf: resolver1\/unbound\.conf:\d+: error/);
  });

  it.each(["../unbound.conf", "resolver1/../unbound.conf", "resolver1/other.conf"])(
    "refuses the path %s",
    (path) => {
      expect(judge("resolver", bundle([{ path, text: "" }])).said).toContain("is not allowed");
    },
  );
});
