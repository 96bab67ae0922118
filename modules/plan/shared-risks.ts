/** Risks that two sites both declare, in the order of the first. */
export function sharedRisks(
  these: readonly string[],
  others: readonly string[],
): readonly string[] {
  return these.filter((risk) => others.includes(risk));
}
