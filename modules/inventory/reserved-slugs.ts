/**
 * What the plan itself calls its parts: segments, servers of the name service, keys of the lock. A slug of the inventory
 * that is one of them would be two things in the plan; a test of the plan holds the two lists together.
 */
const OF_THE_PLAN: ReadonlySet<string> = new Set([
  "core",
  "stations",
  "management",
  "gateway",
  "internet",
  "internet-exit",
  "name-service",
  "edge",
  "ns-primary",
  "backup",
  "backup-drc",
  "cadangan",
  "cadangan-drc",
  "salinan-drc",
  "witness",
  "voter-pusat-data",
  "voter-pop",
  "pusat-data",
  "drc",
]);
const NUMBERED = /^(?:ns|resolver|edge)\d+$/;
/** What stands at the DRC for something at the Pusat Data; core routers may be called after their site. */
const AT_DRC = /^(?!core-).+-drc$/;
/** The address that leads to a server itself, where another moves. */
const OWN = /-own$/;
/** The segment behind each POP. */
const ACCESS = /^access-/;

/** Whether the plan uses this name for a part of its own. */
export function isReservedSlug(slug: string): boolean {
  return (
    OF_THE_PLAN.has(slug) ||
    NUMBERED.test(slug) ||
    ACCESS.test(slug) ||
    OWN.test(slug) ||
    AT_DRC.test(slug)
  );
}
