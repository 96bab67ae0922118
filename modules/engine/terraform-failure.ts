/** One `diagnostic` of terraform's JSON event stream. */
export interface TerraformDiagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
}

/** Why a stack was not planned or applied. */
export interface StackFailure {
  /** In words, one sentence for each error. */
  readonly reasons: readonly string[];
  /** Containers that ran to their end and said no: their last lines tell why. */
  readonly refusedBy: readonly string[];
}

/** The reason of whatever a person stopped. */
export const INTERRUPTED = "interrupted";

/** What the docker provider, docker and terraform say, and what it means here. The first match counts. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /cannot connect to the docker daemon|connection refused|docker\.sock/i,
    "the Docker engine stopped answering; run scripts/setup.sh",
  ],
  [
    /could not retrieve the list of available versions|failed to query available provider/i,
    "the Docker provider cannot be had; run scripts/setup.sh (step provider)",
  ],
  [/error acquiring the state lock/i, "another run holds its state; wait until that has ended"],
  [/saved plan is stale/i, "something else changed it after it was planned"],
  [
    /pool overlaps/i,
    "its addresses are taken by another Docker network of this engine: docker network ls",
  ],
  [
    /networks have (?:same bridge name|overlapping IPv)/i,
    "the engine was killed while it made this network, and keeps half of it where no command reaches; the cure, which keeps all disks, is in docs/decisions/ADR-0041-containers-that-the-engine-lost.md",
  ],
  [
    /no such image|unable to find or pull image|did not exist locally/i,
    "its image is not on the engine; run scripts/setup.sh (step images)",
  ],
  [
    /no space left on device/i,
    "a disk is full, the engine's or the one of .simpul/state: df, docker system df",
  ],
  [
    /could not find an available.*address pool/i,
    "the engine has no addresses left for a network without a subnet",
  ],
];

const REFUSED = /resource (?:pre|post)condition failed/i;

/** The failure that these diagnostics describe; `nameOf` gives a resource's name on the engine by its address. */
export function failureOf(
  diagnostics: readonly TerraformDiagnostic[],
  nameOf: (address: string) => string | undefined,
  otherwise: string,
): StackFailure {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const reasons = errors.map((error) => {
    if (error.address === undefined) return reasonOf(error);
    return `${nameOf(error.address) ?? error.address}: ${reasonOf(error)}`;
  });
  const refusals = errors.filter(({ summary }) => REFUSED.test(summary));
  return {
    reasons: reasons.length > 0 ? [...new Set(reasons)] : [reasonFromText(otherwise)],
    refusedBy: [...new Set(refusals.flatMap(({ address = "" }) => nameOf(address) ?? []))],
  };
}

function reasonOf({ summary, detail }: TerraformDiagnostic): string {
  if (REFUSED.test(summary)) return oneLine(detail || summary);
  return meaning(oneLine(detail === "" ? summary : `${summary}: ${detail}`));
}

/** The reason in terraform's text for people: what stands behind `Error:`, without its frame. */
export function reasonFromText(text: string): string {
  const plain = text.replaceAll(/[│╷╵]/g, " ");
  // The last one is the particular one: init begins with "encountered problems".
  const said = plain.split("Error: ").at(-1) ?? plain;
  return meaning(oneLine(said)) || "terraform ended without saying why";
}

function meaning(said: string): string {
  const found = MEANINGS.find(([pattern]) => pattern.test(said));
  return found === undefined ? said : `${found[1]} (${said})`;
}

function oneLine(text: string): string {
  const line = text.replaceAll("Error response from daemon: ", "").replaceAll(/\s+/g, " ").trim();
  return line.length > 400 ? `${line.slice(0, 400)} ...` : line;
}
