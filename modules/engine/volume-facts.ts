import { labelFacts, labelPairs, type Facts } from "./facts.ts";
import { mapAt, textAt, type Attributes } from "./terraform-attributes.ts";

/** What of `docker volume inspect` is read here. */
export interface VolumeInspect {
  readonly Name: string;
  readonly CreatedAt: string;
  readonly Driver: string;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export function volumeFacts(one: VolumeInspect): Facts {
  return new Map<string, string>([
    ["driver", one.Driver],
    ...Object.entries(one.Options ?? {}).map(optionFact),
    ...labelFacts(Object.entries(one.Labels ?? {})),
  ]);
}

export function declaredVolumeFacts(attributes: Attributes): Facts {
  return new Map<string, string>([
    ["driver", textAt(attributes, "driver") || "local"],
    ...mapAt(attributes, "driver_opts").map(optionFact),
    ...labelFacts(labelPairs(attributes)),
  ]);
}

function optionFact([key, value]: readonly [string, string]): [string, string] {
  return [`option ${key}`, value];
}
