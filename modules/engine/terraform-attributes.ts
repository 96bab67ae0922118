/** Attributes of a terraform resource: as cdk.tf.json asks for them, or as a state knows them. The names are the same. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Empty where it is absent: terraform writes what nobody set as null or as an empty value. */
export function textAt(attributes: Attributes, key: string): string {
  const value = attributes[key];
  return typeof value === "string" ? value : "";
}

/** Zero where it is absent. */
export function numberAt(attributes: Attributes, key: string): number {
  return Number(attributes[key] ?? 0);
}

export function textsAt(attributes: Attributes, key: string): readonly string[] {
  const value = attributes[key];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Nested blocks: one that stands alone, or a list of them. */
export function blocksAt(attributes: Attributes, key: string): readonly Attributes[] {
  const value = attributes[key];
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as readonly Attributes[];
}

export function mapAt(attributes: Attributes, key: string): readonly (readonly [string, string])[] {
  const value = attributes[key];
  return Object.entries((value ?? {}) as Attributes).map(([name, one]) => [name, String(one)]);
}

/** Resources of a synthesised stack, by type and id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

const REFERENCE = /^\$\{(docker_\w+)\.([A-Za-z0-9_-]+)\.(?:name|id)\}$/;

/**
 * The attributes with references to the stack's own resources written out: `${docker_network.id.name}` becomes the
 * network's name. What only terraform can know stays as it is.
 */
export function resolved(attributes: Attributes, resources: Resources): Attributes {
  return resolvedValue(attributes, resources) as Attributes;
}

function resolvedValue(value: unknown, resources: Resources): unknown {
  if (typeof value === "string") {
    const [, type = "", id = ""] = REFERENCE.exec(value) ?? [];
    const name = resources[type]?.[id]?.["name"];
    return typeof name === "string" ? name : value;
  }
  if (Array.isArray(value)) return value.map((one) => resolvedValue(one, resources));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, resolvedValue(one, resources)]),
  );
}
