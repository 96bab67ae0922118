import type { Evidence } from "../evidence/evidence-line.ts";
import type { Duty } from "../inventory/model.ts";
import type { Verification } from "./verify.ts";

/** What is kept of a verification: one line a topic, with the obligations that it speaks of. */
export function topicEvidence(
  { byTopic, measured }: Pick<Verification, "byTopic" | "measured">,
  duties: readonly Duty[],
  versions: Evidence["versions"],
): readonly Evidence[] {
  return Object.entries(byTopic).map(([topic, findings]) => {
    const kind = `verify-${topic}`;
    return {
      ...{ kind, versions, findings },
      obligations: obligationsOf(kind, duties),
      measured: measured[topic] ?? {},
    };
  });
}

/** Ids of the obligations that this kind of evidence speaks of. */
export function obligationsOf(kind: string, duties: readonly Duty[]): readonly string[] {
  return duties.filter(({ proof }) => proof.includes(kind)).map(({ id }) => id);
}
