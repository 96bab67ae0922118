import { Prefix } from "../../modules/core/prefix.ts";
import { uniqueLocalBlock } from "../../modules/inventory/scaffold/address-block.ts";
import { AreaList, folderName } from "../../modules/inventory/scaffold/areas.ts";
import { scaffold } from "../../modules/inventory/scaffold/scaffold.ts";
import { timeZoneOf } from "../../modules/inventory/scaffold/time-zone.ts";
import { writeKabupaten } from "../../modules/inventory/scaffold/write-kabupaten.ts";

/** Writes an inventory of all kabupaten and kota of Indonesia into a folder, as `init` begins them; says how many. */
export async function writeWholeCountry(folder: string): Promise<number> {
  const list = await AreaList.load();
  for (const [index, regency] of list.regencies.entries()) {
    const files = scaffold(list.areasOf(regency), {
      regulation: "none",
      domain: "contohkab.go.id",
      timezone: timeZoneOf(regency.code),
      // Sixteen blocks for all: those that were only begun may share them.
      ipv4: Prefix.of(4, (10n << 24n) + (BigInt(index % 16) << 20n), 12),
      ipv6: uniqueLocalBlock(Uint8Array.of(0x33, 0x23, 0xa5, index >> 8, index & 255)),
    });
    await writeKabupaten(folder, folderName(regency), files);
  }
  return list.regencies.length;
}
