import type { PublicationPlan } from "../plan/edge-plan.ts";
import { FAMILIES } from "./bird-names.ts";
import { section } from "./haproxy-text.ts";
import { withoutNested } from "./prefix-list.ts";

/** Seconds over which a client's rate is measured: a page's burst of pictures is no attack. */
const WINDOW = 10;

/** What each client has asked of each name of late, by `ADDRESS/NAME`; the oldest make room for new ones. */
export const RATES = section("backend rates", [
  `stick-table type string len 150 size 50k expire 30s store http_req_rate(${WINDOW}s),conn_rate(${WINDOW}s)`,
]);

/** One published name: whom it is for, how much of it, and the server that is asked. */
export function backend(publication: PublicationPlan): string {
  return section(
    `backend ${publication.id}`,
    publication.tls === "edge" ? opened(publication) : unopened(publication),
  );
}

/** Only what the edge itself saw may say who the client is: what a client claims about that is thrown away. */
function opened(publication: PublicationPlan): readonly string[] {
  const { health, limit } = publication;
  return [
    ...audience(publication, "http-request deny deny_status 403"),
    `http-request deny deny_status 429 if { sc_http_req_rate(0) gt ${limit.perClient * WINDOW} }`,
    `http-request deny deny_status 429 if { be_sess_rate gt ${limit.total} }`,
    "http-request del-header Forwarded",
    "http-request set-header X-Forwarded-For %[src]",
    "http-request set-header X-Forwarded-Proto https",
    "http-request set-header X-Forwarded-Host %[var(txn.name)]",
    ...(health === undefined
      ? []
      : [
          "option httpchk",
          `http-check send meth GET uri ${health} ver HTTP/1.1 hdr Host ${publication.names[0]}`,
          "http-check expect status 200-399",
        ]),
    ...servers(publication),
  ];
}

function unopened(publication: PublicationPlan): readonly string[] {
  const { limit } = publication;
  return [
    "mode tcp",
    ...audience(publication, "tcp-request content reject"),
    `tcp-request content reject if { sc_conn_rate(0) gt ${limit.perClient * WINDOW} }`,
    `tcp-request content reject if { be_sess_rate gt ${limit.total} }`,
    ...servers(publication),
  ];
}

function audience({ from }: PublicationPlan, refusal: string): readonly string[] {
  if (from === undefined) return [];
  const prefixes = FAMILIES.flatMap(({ key }) => withoutNested(from[key]));
  // A line takes 64 words; several lines of one name are one list.
  return [
    ...prefixes.map(({ text }) => `acl audience src ${text}`),
    prefixes.length === 0 ? refusal : `${refusal} unless audience`,
  ];
}

/** Both families: the server is asked by the second while the first does not answer. */
function servers({ target, port, client }: PublicationPlan): readonly string[] {
  const proxy = client === "proxy-protocol" ? " send-proxy-v2 check-send-proxy" : "";
  const check = `check inter 2s fastinter 1s fall 2 rise 1${proxy}`;
  return [
    `server ipv6 [${target.ipv6.text}]:${port} ${check}`,
    `server ipv4 ${target.ipv4.text}:${port} ${check} backup`,
  ];
}
