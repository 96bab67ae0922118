import type { Diagnostic } from "../core/diagnostic.ts";
import type { DualAddress } from "../core/dual.ts";
import type { PublicationPlan } from "../plan/edge-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { firstHost } from "../plan/routing.ts";
import { FAMILIES } from "../render/bird-names.ts";
import type { NameAnswer, NameProbe } from "./edge-probe.ts";
import { groupBy } from "./group-by.ts";
import { routerSlug } from "./routers.ts";
import { shortList } from "./short-list.ts";
import type { VerifyContext } from "./topic.ts";

/** One name asked for from one LAN, and whether that LAN is of its audience. */
export interface NameAttempt extends NameProbe {
  readonly publication: PublicationPlan;
  readonly from: RouterPlan;
  readonly allowed: boolean;
}

export interface AskedName {
  readonly attempt: NameAttempt;
  readonly answer: NameAnswer;
}

/** LANs that ask: the first, the owners', and one of each audience; not all, for each asks for every name. */
export function askingLans(
  publications: readonly PublicationPlan[],
  starts: readonly RouterPlan[],
): readonly RouterPlan[] {
  const chosen = new Set(starts.slice(0, 1));
  for (const publication of publications) {
    const owner = starts.find(({ name }) => name === publication.owner);
    const member = starts.find((one) => isOfAudience(publication, firstHost(one.lan!)));
    for (const one of [owner, member]) if (one !== undefined) chosen.add(one);
  }
  return [...chosen];
}

/** Every name over both families; a server that holds its certificate itself is not the edge's to vouch for. */
export function nameAttempts(
  publications: readonly PublicationPlan[],
  from: RouterPlan,
): readonly NameAttempt[] {
  const source = firstHost(from.lan!);
  return publications
    .filter(({ tls }) => tls === "edge")
    .flatMap((publication) =>
      publication.names.flatMap((name) =>
        FAMILIES.map(({ number }) => ({
          publication,
          from,
          name,
          family: number,
          allowed: isOfAudience(publication, source),
        })),
      ),
    );
}

/** One finding for each publication and kind of wrong answer, naming who meets it. */
export function compareNames(
  { placeOf }: Pick<VerifyContext, "placeOf">,
  asked: readonly AskedName[],
): readonly Diagnostic[] {
  const judged = asked.flatMap((one) => {
    const kind = kindOf(one);
    return kind === undefined ? [] : [{ ...one, kind }];
  });
  const groups = groupBy(judged, ({ attempt, kind }) => `${attempt.publication.id} ${kind}`);
  return [...groups.values()].map((group) => {
    const { attempt, answer, kind } = group[0]!;
    const names = [...new Set(group.map((one) => one.attempt.name))].join(", ");
    const families = [...new Set(group.map((one) => `IPv${one.attempt.family}`))].join(" and ");
    const lans = shortList([...new Set(group.map((one) => routerSlug(one.attempt.from)))]);
    const where = `https://${names} over ${families} from the LAN of ${lans}`;
    const at = placeOf(attempt.publication.vps);
    return {
      ...FINDINGS[kind](where, attempt.publication, answer),
      ...(at !== undefined && { at }),
    };
  });
}

function isOfAudience({ from }: PublicationPlan, source: DualAddress): boolean {
  return from === undefined || from.ipv4.some((prefix) => source.ipv4.isIn(prefix));
}

type Kind = "unreachable" | "untrusted" | "refused" | "open" | "down";

/** What is wrong with an answer; a limit that is reached says that the edge works. */
export function kindOf({ attempt, answer }: AskedName): Kind | undefined {
  if (answer.outcome === "untrusted" || answer.outcome === "refused-name") return "untrusted";
  if (answer.outcome !== "answered") return "unreachable";
  if (!attempt.allowed) return answer.status === 403 || answer.status === 429 ? undefined : "open";
  if (answer.status === 421) return "refused";
  return answer.status >= 502 && answer.status <= 504 ? "down" : undefined;
}

const FINDINGS: Readonly<
  Record<Kind, (where: string, publication: PublicationPlan, answer: NameAnswer) => Diagnostic>
> = {
  unreachable: (where, _, { said }) => ({
    id: "published-name-unreachable",
    severity: "error",
    what: `${where} is not reachable: ${said || "no answer"}`,
    why: "its audience is entitled to it; the name, the way to the edge or the edge itself fails",
    fix: "run simpul verify dns and simpul verify wan, and read the edge's console (docker logs)",
  }),
  untrusted: (where, _, { said }) => ({
    id: "published-name-untrusted",
    severity: "error",
    what: `${where} has no certificate that is trusted: ${said}`,
    why: "whoever asks sees a warning, or an impostor (RFC 9110 section 4.3.4)",
    fix: "simpul deploy brings the certificates to the edge",
  }),
  refused: (where) => ({
    id: "published-name-unreachable",
    severity: "error",
    what: `${where} is refused: the edge does not know the name`,
    why: "what the plan publishes is not in its configuration",
    fix: "run simpul deploy, and read the edge's console (docker logs)",
  }),
  open: (where, { id }, { status }) => ({
    id: "published-name-open",
    severity: "error",
    what: `${where} is answered (${status}), and it is not of the audience of ${id}`,
    why: "a publication is for those whom its file names",
    fix: "run simpul deploy, and read the edge's console (docker logs)",
  }),
  down: (where, { vps, port }, { status }) => ({
    id: "published-server-down",
    severity: "warning",
    what: `${where} is answered by the edge alone (${status}): VPS ${vps} does not answer at port ${port}`,
    why: "the edge works; what is published does not listen, or its health check fails",
    fix: `start the service on VPS ${vps}, or write the port on which it listens: to: ${port}`,
  }),
};
