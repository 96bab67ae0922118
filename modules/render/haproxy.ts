import type { CertificatePlan, EdgePlan, PublicationPlan } from "../plan/edge-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import type { ConfigFile } from "./config-file.ts";
import { backend, RATES } from "./haproxy-backend.ts";
import { section } from "./haproxy-text.ts";

/**
 * Configuration of an edge. It ends TLS with the certificate of the name that is asked for (SNI), refuses whoever the
 * name is not for, and passes the rest on to the server with the client's real address. Plain HTTP is sent to HTTPS.
 * Certificates lie in the folder `certs` beside the text.
 *
 * Written for HAProxy 2.6 (Debian 12).
 */
export function haproxyConfig(edge: EdgePlan, server: ServerPlan, thumbprint?: string): string {
  const addresses = [server.service, edge.asked].flatMap(({ ipv4, ipv6 }) => [
    ipv4.text,
    ipv6.text,
  ]);
  const own = [...new Set(addresses)];
  const passed = edge.publications.filter(({ tls }) => tls === "server");
  const ended = edge.publications.filter(({ tls }) => tls === "edge");
  const parts = [
    FIXED,
    http(own, edge, thumbprint),
    ...(passed.length === 0
      ? [https(own.map((address) => bind(address, 443)).map(endTls), ended)]
      : [bySni(own, passed), https([endTls(`bind ${INNER} accept-proxy`)], ended)]),
    NOBODY,
    RATES,
    ...edge.publications.map(backend),
  ];
  return `# ${server.name}: ${server.hostname}. Made from the plan; what is changed here by hand is lost.
${parts.join("\n\n")}
`;
}

/**
 * All files of the edges' volume.
 * @param thumbprint of the account at the authority that is asked by ACME, where one is
 */
export function edgeFiles(edge: EdgePlan, thumbprint?: string): readonly ConfigFile[] {
  return edge.servers.map((server) => ({
    path: `${server.name}/haproxy.cfg`,
    text: haproxyConfig(edge, server, thumbprint),
  }));
}

const NOBODY = section("backend nobody", ["http-request return status 404"]);

/** Between the frontend that looks at names and the one that ends TLS, where servers have certificates of their own. */
const INNER = "unix@/run/haproxy/tls.sock";

/**
 * `idle-close-on-response`: at a reload the old worker keeps a connection for one more request, for a client may be
 * sending it just now. TLS 1.2 at least (RFC 9325 section 3.1.1), with forward secrecy.
 */
const FIXED = `global
    log stdout format raw daemon notice
    default-path config
    maxconn 2000
    hard-stop-after 15m
    stats socket /run/haproxy/stats.sock mode 600 level admin expose-fd listeners
    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
    ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384

defaults
    mode http
    log global
    option httplog
    option dontlog-normal
    option dontlognull
    option idle-close-on-response
    option redispatch
    retries 2
    timeout connect 3s
    timeout client 30s
    timeout client-fin 10s
    timeout server 60s
    timeout queue 10s
    timeout tunnel 1h
    timeout http-request 10s
    timeout http-keep-alive 10s`;

function bind(address: string, port: number): string {
  return `bind ${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** `strict-sni`: for a name that is nobody's there is no certificate, and no answer. */
function endTls(line: string): string {
  return `${line} ssl crt certs strict-sni alpn h2,http/1.1`;
}

function http(
  own: readonly string[],
  { publications, certificates }: EdgePlan,
  thumbprint: string | undefined,
): string {
  const ordered = certificates.filter(({ issuer }) => issuer === "acme");
  return section("frontend http", [
    ...own.map((address) => bind(address, 80)),
    ...(thumbprint === undefined ? [] : challenge(ordered, thumbprint)),
    ...publications.map(
      ({ names }) => `acl known hdr(host),field(1,:),lower -m str ${names.join(" ")}`,
    ),
    ...(publications.length === 0 ? [] : ["http-request redirect scheme https code 308 if known"]),
    "http-request return status 404",
  ]);
}

/**
 * An authority asks for a token that it has just made up, and awaits it with the account's thumbprint behind it (RFC
 * 8555 section 8.3): the edge needs to be told neither before.
 */
function challenge(ordered: readonly CertificatePlan[], thumbprint: string): readonly string[] {
  if (ordered.length === 0) return [];
  const path = "^/[.]well-known/acme-challenge/[A-Za-z0-9_-]+$";
  return [
    ...ordered.map(
      ({ names }) => `acl ordered hdr(host),field(1,:),lower -m str ${names.join(" ")}`,
    ),
    `acl challenge path -m reg ${path}`,
    `http-request return status 200 content-type text/plain lf-string "%[path,field(4,/)].${thumbprint}" if ordered challenge`,
  ];
}

/** A name whose server has the certificate itself is passed through unopened. */
function bySni(own: readonly string[], passed: readonly PublicationPlan[]): string {
  return [
    section("frontend names", [
      "mode tcp",
      "option tcplog",
      ...own.map((address) => bind(address, 443)),
      "tcp-request inspect-delay 5s",
      "tcp-request content set-var(txn.name) req.ssl_sni,lower if { req.ssl_hello_type 1 }",
      "tcp-request content track-sc0 src,concat(/,txn.name) table rates if { req.ssl_hello_type 1 }",
      "tcp-request content accept if { req.ssl_hello_type 1 }",
      "tcp-request content reject if WAIT_END",
      ...passed.map(
        ({ id, names }) => `use_backend ${id} if { var(txn.name) -m str ${names.join(" ")} }`,
      ),
      "default_backend end-tls",
    ]),
    section("backend end-tls", ["mode tcp", `server inner ${INNER} send-proxy-v2`]),
  ].join("\n\n");
}

/** Asked over another name than the certificate's, a browser asks again on a connection of its own (RFC 9110 section 15.5.20). */
function https(binds: readonly string[], publications: readonly PublicationPlan[]): string {
  return section("frontend https", [
    ...binds,
    "http-request set-var(txn.name) hdr(host),field(1,:),lower",
    "http-request deny deny_status 421 unless { ssl_fc_sni,lower,strcmp(txn.name) eq 0 }",
    "http-request track-sc0 src,concat(/,txn.name) table rates",
    ...publications.map(
      ({ id, names }) => `use_backend ${id} if { var(txn.name) -m str ${names.join(" ")} }`,
    ),
    "default_backend nobody",
  ]);
}
