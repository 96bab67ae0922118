import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { Observation } from "./observation.ts";
import type { StackConfiguration } from "./stack-configuration.ts";
import { textAt } from "./terraform-attributes.ts";

/**
 * VPS that stand on another image than a rebuild would take: a newer one has been built since, or their file names
 * another one. No deploy replaces them for it.
 * @param placeOf where the inventory asks for a thing, by role and slug
 * @returns information for each
 */
export function olderImages(
  configurations: ReadonlyMap<string, StackConfiguration>,
  { containers }: Observation,
  placeOf: (role: string, name: string) => Place | undefined,
): readonly Diagnostic[] {
  const running = new Map([...containers.values()].map((one) => [one.Name, one.Image]));
  return [...configurations.values()].flatMap(({ objects }) =>
    objects.flatMap(({ kind, role, slug, name, attributes }) => {
      const present = running.get(`/${name}`);
      if (kind !== "container" || role !== "vps" || present === undefined) return [];
      return present === textAt(attributes, "image") ? [] : [older(slug, placeOf(role, slug))];
    }),
  );
}

function older(name: string, at: Place | undefined): Diagnostic {
  return {
    id: "vps-image-older",
    severity: "info",
    ...(at !== undefined && { at }),
    what: `VPS ${name} stands on another image than its file would give it today`,
    why: "an image is taken when a VPS is made; a newer one, or another name in its file, never replaces what runs",
    fix: `agree on a time with its owner, then: simpul vps rebuild ${name}`,
  };
}
