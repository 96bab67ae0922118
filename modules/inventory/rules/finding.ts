import { errorAt, type Diagnostic, type Place } from "../../core/diagnostic.ts";
import { suggestion } from "../suggestion.ts";

/** One thing that several files claim. */
export interface Claim {
  readonly value: string;
  readonly at: Place;
}

/** A conflict is reported at each who takes part: a pull request shows only the lines it changes. */
export function conflicts(
  claims: readonly Claim[],
  say: (claim: Claim, others: string) => Omit<Diagnostic, "at" | "severity">,
): Diagnostic[] {
  const claimants = new Map<string, Claim[]>();
  for (const claim of claims)
    claimants.set(claim.value, [...(claimants.get(claim.value) ?? []), claim]);
  return claims.flatMap((claim) => {
    const others = claimants.get(claim.value)!.filter((other) => other !== claim);
    if (others.length === 0) return [];
    const places = others.map(({ at }) => placeSeenFrom(claim.at, at)).join(", ");
    return [{ ...say(claim, places), severity: "error", at: claim.at }];
  });
}

/** File and line; the column too for who stands on the same line. */
function placeSeenFrom(here: Place, { file, line, column }: Place): string {
  const isSameLine = file === here.file && line === here.line;
  return `${file}:${line}${isSameLine ? `:${column}` : ""}`;
}

/** What a field names must exist. */
export function unknownReference(
  at: Place,
  field: string,
  name: string,
  kind: string,
  known: readonly string[],
): Diagnostic {
  return errorAt(
    at,
    "unknown-reference",
    `${field} is ${name}, and there is no such ${kind}`,
    "what is not in the inventory cannot be built or checked",
    suggestion(name, known),
  );
}
