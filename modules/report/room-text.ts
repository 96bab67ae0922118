import { amountText, RESOURCES } from "../plan/amounts.ts";
import { codeSpan, table } from "./markdown.ts";
import type { Room } from "./room.ts";

const WORDS = { cpu: "prosesor", memory: "memori", disk: "disk", vps: "banyaknya VPS" };
const SITES = { "pusat-data": "Pusat Data", drc: "DRC" };
const HEAD = ["", "Sebelum", "Setelah", "Paling banyak", "Sisa"];

/** What is promised of each site, and what is left of it; empty where there is none. */
export function siteLines({ sites }: Room): readonly string[] {
  const rows = sites.flatMap(({ site, before, after, promised, left }) =>
    RESOURCES.map((resource) => [
      `${SITES[site]}, ${WORDS[resource]}`,
      ...[before, after, promised, left].map((amounts) => amountText(resource, amounts[resource])),
    ]),
  );
  return rows.length === 0 ? [] : table(HEAD, rows).split("\n");
}

/** The quota of those who ask; empty where nobody does. */
export function quotaLines({ agencies }: Room): readonly string[] {
  const rows = agencies.flatMap(({ agency, before, after, limits, left }) =>
    ([...RESOURCES, "vps"] as const).map((resource) => [
      `${codeSpan(agency)}, ${WORDS[resource]}`,
      amountText(resource, before[resource]),
      amountText(resource, after[resource]),
      ...[limits, left].map((amounts) => {
        const amount = amounts[resource];
        return amount === undefined ? "tidak dibatasi" : amountText(resource, amount);
      }),
    ]),
  );
  return rows.length === 0 ? [] : table(HEAD, rows).split("\n");
}
