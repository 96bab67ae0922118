/** By UTC, so that a merge job says the same wherever it runs. */
export function today(): string {
  return new Date().toISOString().slice(0, "2026-11-23".length);
}
