import { describe, expect, it } from "vitest";

import type { EdgePlan, PublicationPlan } from "../../modules/plan/edge-plan.ts";
import { bundle } from "../../modules/render/config-file.ts";
import { edgeFiles, haproxyConfig } from "../../modules/render/haproxy.ts";
import { EDGE, edgePlan, publicationPlan } from "./edge-fixture.ts";
import { judge } from "./router-carrier.ts";

const backendOf = (edge: EdgePlan, id: string): string =>
  haproxyConfig(edge, EDGE)
    .split("\n\n")
    .find((part) => part.startsWith(`backend ${id}\n`))!;

describe("haproxyConfig", () => {
  const edge = edgePlan();

  it("listens on the edge's own addresses, in both families", () => {
    expect(haproxyConfig(edge, EDGE).match(/^ {4}bind .*$/gm)).toEqual([
      "    bind 10.210.129.40:80",
      "    bind [fd5c:ad00:7031:5::40]:80",
      "    bind 10.210.129.40:443 ssl crt certs strict-sni alpn h2,http/1.1",
      "    bind [fd5c:ad00:7031:5::40]:443 ssl crt certs strict-sni alpn h2,http/1.1",
    ]);
  });

  it("tells the server the address that it saw, whatever the client claims", () => {
    const backend = backendOf(edge, "ppdb-online.ppdb");
    expect(backend).toContain("http-request del-header Forwarded");
    expect(backend).toContain("http-request set-header X-Forwarded-For %[src]");
    expect(backend).not.toContain("send-proxy");
  });

  it("uses the PROXY protocol where the server asks for it, for checks too", () => {
    const proxy = edgePlan([publicationPlan({ client: "proxy-protocol" })]);
    expect(
      backendOf(proxy, "ppdb-online.ppdb").match(/send-proxy-v2 check-send-proxy/g),
    ).toHaveLength(2);
  });

  it("refuses everybody whom a name is not for", () => {
    expect(backendOf(edge, "ppdb-online.ppdb")).not.toContain("audience");
    const some = backendOf(edge, "sik-puskesmas.sik");
    expect(some).toContain("acl audience src 10.210.3.0/24");
    expect(some).toContain("http-request deny deny_status 403 unless audience");
    const nobody = edgePlan([publicationPlan({ from: { ipv4: [], ipv6: [] } })]);
    expect(backendOf(nobody, "ppdb-online.ppdb")).toContain("http-request deny deny_status 403\n");
  });

  it("holds each client and each name to its limit", () => {
    const limited = edgePlan([publicationPlan({ limit: { perClient: 5, total: 40 } })]);
    const backend = backendOf(limited, "ppdb-online.ppdb");
    expect(backend).toContain("deny_status 429 if { sc_http_req_rate(0) gt 50 }");
    expect(backend).toContain("deny_status 429 if { be_sess_rate gt 40 }");
  });
});

describe("the answer to a certificate authority", () => {
  const edge: EdgePlan = {
    ...edgePlan(),
    certificates: [
      { id: "ppdb-online.ppdb.open", names: ["ppdb.dindikpora.ujikab.go.id"], issuer: "acme" },
      { id: "sik-puskesmas.sik", names: ["sik.dinkes.intra.ujikab.go.id"], issuer: "own" },
    ],
  };

  it("is given for ordered names alone, before plain HTTP is sent to HTTPS", () => {
    const lines = haproxyConfig(edge, EDGE, "THUMB").split("\n");
    const at = (part: string): number => lines.findIndex((line) => line.includes(part));
    expect(at("acl ordered")).toBeGreaterThan(at("frontend http"));
    expect(at("acl ordered")).toBeLessThan(at(" if ordered challenge"));
    expect(at(" if ordered challenge")).toBeLessThan(at("redirect scheme https"));
    expect(lines[at("acl ordered")]).toMatch(/-m str ppdb\.dindikpora\.ujikab\.go\.id$/);
  });

  it("is none where nobody is asked", () => {
    expect(haproxyConfig(edgePlan(), EDGE, "THUMB")).not.toContain("acme");
    expect(haproxyConfig(edge, EDGE)).not.toContain("acme");
  });

  it("is one that HAProxy takes", { timeout: 60_000 }, () => {
    const { exitCode, said } = judge("edge", bundle(edgeFiles(edge, "a-_Z9".repeat(8))));
    expect([exitCode, said]).toEqual([0, expect.not.stringMatching(/WARNING|ALERT/)]);
  });
});

describe("the edges' carrier", { timeout: 60_000 }, () => {
  const variants: readonly (readonly [string, readonly PublicationPlan[]])[] = [
    ["nothing published", []],
    ["one name", [publicationPlan({})]],
    [
      "every setting",
      [
        publicationPlan({ health: "/healthz?deep=1", client: "proxy-protocol" }),
        publicationPlan({ id: "a.b", names: ["b.x.ujikab.go.id"], tls: "server" }),
      ],
    ],
    [
      "a hundred names",
      Array.from({ length: 100 }, (_, at) =>
        publicationPlan({ id: `vps-${at}.web`, names: [`web-${at}.x.ujikab.go.id`] }),
      ),
    ],
  ];

  it.each(variants)("finds %s right and puts it in place", (_, publications) => {
    const files = edgeFiles(edgePlan(publications));
    const { exitCode, said } = judge("edge", bundle(files), "cat /etc/simpul/edge1/haproxy.cfg");
    expect(exitCode, said).toBe(0);
    expect(said).toContain("frontend https");
    expect(said).not.toMatch(/WARNING|ALERT/);
  });

  it("refuses what HAProxy does not understand, and says where", () => {
    const wrong = edgeFiles(edgePlan()).map((file) => ({
      ...file,
      text: file.text.replace("mode http", "mode htp"),
    }));
    const { exitCode, said } = judge("edge", bundle(wrong));
    expect(exitCode).toBe(1);
    expect(said).toMatch(/carrier: edge1\/haproxy\.cfg: [^]*parsing \[edge1\/haproxy\.cfg:\d+\]/);
  });

  it.each(["../haproxy.cfg", "edge1/../haproxy.cfg", "edge1/certs/a.pem"])(
    "refuses the path %s",
    (path) => {
      expect(judge("edge", bundle([{ path, text: "" }])).said).toContain("is not allowed");
    },
  );
});
