import { table } from "./markdown.ts";
import type { Room } from "./room.ts";

const WORDS = { cpu: "Prosesor", memory: "Memori", disk: "Disk" };

/** A table of what is promised and what is left, empty where there is no Pusat Data. */
export function roomLines(room: readonly Room[]): readonly string[] {
  if (room.length === 0) return [];
  const rows = room.map(({ resource, before, after, capacity }) => [
    WORDS[resource],
    ...[before, after, capacity, capacity - after].map((one) => amount(resource, one)),
  ]);
  return table(["", "Terpakai sebelum", "Terpakai setelah", "Kapasitas", "Sisa"], rows).split("\n");
}

/** Sizes in GiB, in the form of the country: `30,75 GiB`. */
function amount(resource: Room["resource"], value: number): string {
  const write = (number: number): string =>
    number.toLocaleString("id-ID", { maximumFractionDigits: 2 });
  return resource === "cpu" ? write(value) : `${write(value / 1024)} GiB`;
}
