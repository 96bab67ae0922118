import type { Explanation } from "./ip-explain.ts";

const MOST_NAMES = 12;

/** An explanation for people: the answer first, then where it lies and who knows it. */
export function explanationText({ asked, what, ...found }: Explanation): string {
  // Of a whole pool, names would bury the answer.
  const all = found.status === "several" ? [] : found.names;
  const names = all.slice(0, MOST_NAMES);
  const more = all.length - names.length;
  return [
    `${asked} is ${what}`,
    ...found.within.map(({ what: space, prefix }) => `  in ${prefix}, ${space}`),
    ...found.announcedBy.map((router) => `  announced by ${router}`),
    ...names.map((name) => `  name ${name}`),
    ...(more > 0 ? [`  and ${more} more names`] : []),
  ].join("\n");
}
