import type { Lock } from "../../modules/inventory/model.ts";

/** A lock of these lines, as the loader would give it. */
export function lockOf(entries: ReadonlyMap<string, string>): Lock {
  const lines = [...entries].map(([key, value], index) => {
    const at = { file: "ip-plan.lock.yaml", line: index + 1, column: 1 };
    return [key, { value, at }] as const;
  });
  return { entries: new Map(lines) };
}
