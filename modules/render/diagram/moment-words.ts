import { MARK_MEANINGS } from "./live-words.ts";
import type { Subject } from "./subject.ts";

/** When the state was seen, and what the signs mean. */
export function momentWords({ live }: Subject): string {
  if (live === undefined) return "As planned, without live state.";
  const signs = MARK_MEANINGS.map(({ mark, meaning }) => `${mark.sign} ${meaning}`).join("; ");
  return `As it was at ${live.observedAt}: ${signs}.`;
}
