import type { TerraformDiagnostic } from "./terraform-failure.ts";

/** What a line of terraform's `-json` output tells us; everything else is passed over. */
export type TerraformEvent =
  | { readonly kind: "begun" | "done" | "failed"; readonly address: string }
  | { readonly kind: "diagnostic"; readonly diagnostic: TerraformDiagnostic };

interface Line {
  readonly type?: string;
  readonly hook?: { readonly resource?: { readonly addr?: string } };
  readonly diagnostic?: RawDiagnostic;
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
  const { type = "", hook, diagnostic } = parsed(line);
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
