import type { TerraformDiagnostic } from "./terraform-failure.ts";

/** What a line of terraform's `-json` output tells us; everything else is passed over. */
export type TerraformEvent =
  | { readonly kind: "begun" | "done" | "failed"; readonly address: string }
  | { readonly kind: "planned"; readonly planned: PlannedChange }
  | { readonly kind: "diagnostic"; readonly diagnostic: TerraformDiagnostic };

/** A change that a plan announces; its values stand in the plan file only. */
export interface PlannedChange {
  readonly action: string;
  readonly resource: {
    readonly addr: string;
    readonly resource_type: string;
    readonly resource_name: string;
  };
}

interface Line {
  readonly type?: string;
  readonly hook?: { readonly resource?: { readonly addr?: string } };
  readonly diagnostic?: RawDiagnostic;
  readonly change?: PlannedChange;
}

interface RawDiagnostic extends Omit<TerraformDiagnostic, "detail"> {
  readonly detail?: string;
  readonly snippet?: { readonly context?: string | null };
}

const KINDS: Readonly<Record<string, "begun" | "done" | "failed">> = {
  apply_start: "begun",
  apply_complete: "done",
  apply_errored: "failed",
};

/** Reads one line of the machine-readable UI (terraform 0.15.3 and later, tofu); other text is no event. */
export function parseEvent(line: string): TerraformEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  const { type = "", hook, diagnostic, change } = parsed(line);
  if (type === "planned_change" && change !== undefined)
    return { kind: "planned", planned: change };
  if (type === "diagnostic" && diagnostic !== undefined)
    return { kind: "diagnostic", diagnostic: withAddress(diagnostic) };
  const kind = KINDS[type];
  const address = hook?.resource?.addr;
  return kind === undefined || address === undefined ? undefined : { kind, address };
}

/** A failed postcondition names its resource only by where it stands: `resource.docker_container.zones.lifecycle`. */
function withAddress({
  severity,
  summary,
  detail = "",
  address,
  snippet,
}: RawDiagnostic): TerraformDiagnostic {
  const [, type, name] = /^resource\.([^.]+)\.([^.]+)/.exec(snippet?.context ?? "") ?? [];
  const found = address ?? (type === undefined ? undefined : `${type}.${name}`);
  return { severity, summary, detail, ...(found !== undefined && { address: found }) };
}

function parsed(line: string): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    // A line cut off by a kill.
    return {};
  }
}
