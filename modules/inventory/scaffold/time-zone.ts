import type { Kabupaten } from "../model.ts";

/**
 * By the first two digits of the code, the province (Keppres 41/1987; provinces made since keep the zone of the one they
 * came from). All that is not named is Waktu Indonesia Barat.
 */
const BY_PROVINCE: Readonly<Record<string, Kabupaten["timezone"]>> = {
  // Waktu Indonesia Tengah: Bali and Nusa Tenggara, Kalimantan's south, east and north, Sulawesi
  ...zone("Asia/Makassar", "51 52 53 63 64 65 71 72 73 74 75 76"),
  // Waktu Indonesia Timur: Maluku and Papua
  ...zone("Asia/Jayapura", "81 82 91 92 93 94 95 96"),
};

/** The time zone of a Kemendagri code. */
export function timeZoneOf(code: string): Kabupaten["timezone"] {
  return BY_PROVINCE[code.slice(0, 2)] ?? "Asia/Jakarta";
}

function zone(
  name: Kabupaten["timezone"],
  provinces: string,
): Record<string, Kabupaten["timezone"]> {
  return Object.fromEntries(provinces.split(" ").map((province) => [province, name]));
}
