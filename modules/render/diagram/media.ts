import type { Medium } from "../../inventory/model.ts";
import type { Subject } from "./subject.ts";

/** Of a backbone segment, or of the access segment of a POP; undefined inside a site. */
export function mediumOf(
  { plan, inventory: { wan } }: Pick<Subject, "plan" | "inventory">,
  segment: string,
): Medium | undefined {
  const pop = plan.routers.find(({ hubs }) => hubs.some((hub) => hub.segment === segment));
  return (
    wan.segments.find(({ name }) => name === segment)?.medium ??
    wan.pops.find(({ name }) => `pop-${name}` === pop?.name)?.medium
  );
}
