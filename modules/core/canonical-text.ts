/**
 * A text that is the same for equal values: prefixes, addresses and sizes stand as their own texts, big numbers as their
 * digits, maps as lists of pairs, and whatever cannot be written down is left out.
 */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, plain) ?? "";
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Map) return [...value];
  const text = (value as { readonly text?: unknown } | null)?.text;
  return typeof text === "string" ? text : value;
}
