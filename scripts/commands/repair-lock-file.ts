import { loadInventory } from "../../modules/inventory/load.ts";
import { settledLines } from "../../modules/inventory/lock-file.ts";
import { renamedKey, renamesOf } from "../../modules/inventory/lock-rename.ts";
import { lockFileText, rewriteLock } from "../../modules/inventory/write-lock.ts";
import { repairLock } from "../../modules/plan/lock-repair.ts";

/**
 * Settles a lock file that git has merged, with or without its conflict markers: lines of `kept` stay. Gives the keys
 * that gave way. An inventory that is wrong elsewhere leaves it half settled, and the same command again goes on.
 */
export async function repairLockFile(
  folder: { readonly inventory: string; readonly kabupaten: string },
  kept: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const text = await lockFileText(folder);
  if (text !== "") await rewriteLock(folder, settledLines(text, kept));
  const { inventory } = await loadInventory({
    directory: folder.inventory,
    kabupaten: folder.kabupaten,
  });
  if (inventory === undefined) return [];
  const renames = renamesOf([...inventory.perangkatDaerah, ...inventory.vps]);
  const renamed = new Map([...kept].map(([key, value]) => [renamedKey(key, renames), value]));
  const { lock, gaveWay } = repairLock(inventory, renamed);
  const entries = [...lock.entries].map(([key, { value }]) => [key, value] as const);
  if (gaveWay.length > 0) await rewriteLock(folder, new Map(entries));
  return gaveWay;
}
