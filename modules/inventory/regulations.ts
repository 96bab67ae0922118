import { join } from "node:path";

import type { Duty } from "./model.ts";
import { parseYaml } from "./parse-yaml.ts";
import { field, namesIn, textOf } from "./quick-read.ts";
import type { YamlValue } from "./yaml-tree.ts";

const OWN_REGULATIONS = join(import.meta.dirname, "../../inventory/regulations");

/** An inventory that brings no regulations of its own goes by those of this repository. */
export function regulationsFolder(directory: string): string {
  const brought = join(directory, "regulations");
  return namesIn(brought).length > 0 ? brought : OWN_REGULATIONS;
}

/** Ids of the regulations that there are, sorted. */
export function regulationsIn(directory: string): string[] {
  return namesIn(regulationsFolder(directory))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length));
}

/** What a regulation obliges to, by its id; nothing for `none`, and for what cannot be read. */
export async function dutiesOf(directory: string, regulation: string): Promise<readonly Duty[]> {
  const file = `${regulation}.yaml`;
  const text = textOf(join(regulationsFolder(directory), file));
  const yaml = text === undefined ? [] : await parseYaml(file, text);
  if (Array.isArray(yaml)) return [];
  const title = field(yaml.value, "title") ?? regulation;
  return listAt(yaml.value, "obligations").flatMap((obligation) => {
    const [id, topic] = [field(obligation, "id"), field(obligation, "topic")];
    return id === undefined || topic === undefined
      ? []
      : [{ id, topic, cited: `${title} ${pasal(id)}`, proof: textsAt(obligation, "proof") }];
  });
}

/** `temanggung-16-2-g` is pasal 16(2)(g). */
function pasal(id: string): string {
  const [number = "", ...parts] = id.slice(id.indexOf("-") + 1).split("-");
  return `pasal ${number}${parts.map((part) => `(${part})`).join("")}`;
}

function textsAt(value: YamlValue, key: string): readonly string[] {
  return listAt(value, key).filter((each) => typeof each === "string");
}

function listAt(value: YamlValue, key: string): readonly YamlValue[] {
  if (typeof value !== "object" || Array.isArray(value)) return [];
  const list = (value as Readonly<Record<string, YamlValue>>)[key];
  return Array.isArray(list) ? (list as readonly YamlValue[]) : [];
}
