import type { Inventory } from "../inventory/model.ts";

/** Where GitHub and GitLab both look for it: at the repository's top. */
export const CODEOWNERS_FILE = "CODEOWNERS";

/**
 * CODEOWNERS for a repository that holds this kabupaten: everything is the Dinas's, and the file of a VPS its owner's. The
 * last line that fits a path counts, and one of its accounts is enough; so an agency's own file, which holds its bandwidth
 * and its accounts, is not the agency's, and a new VPS is the Dinas's until it is merged. Undefined where the kabupaten
 * names no `maintainers`: then there is nobody to ask.
 */
export function codeownersText(inventory: Inventory, folder: string): string | undefined {
  const { kabupaten, perangkatDaerah, vps } = inventory;
  const agencies = new Map(perangkatDaerah.map(({ name, maintainers }) => [name, maintainers]));
  const dinas = [...new Set([...kabupaten.maintainers, ...(agencies.get(kabupaten.dinas) ?? [])])];
  if (dinas.length === 0) return undefined;
  const own = vps.flatMap(({ name, owner }) => {
    const accounts = agencies.get(owner) ?? [];
    return accounts.length === 0
      ? []
      : [`/${pattern(folder)}vps/${name}.yaml ${accounts.join(" ")}`];
  });
  return [headerOf(kabupaten.name), `* ${dinas.join(" ")}`, ...own, ""].join("\n");
}

/** Letters that mean something in a pattern, in the name of a folder. */
function pattern(folder: string): string {
  return folder.replaceAll(/[\\ #!*?[\]]/g, String.raw`\$&`);
}

/** Whether a text was generated, and for this kabupaten. */
export function isGeneratedFor(text: string, kabupaten: string): boolean {
  return text.startsWith(headerOf(kabupaten));
}

function headerOf(kabupaten: string): string {
  return `# Who approves what in ${kabupaten}, from the maintainers in its inventory. Do not edit by hand.
# Written by: npx simpul codeowners --write --kabupaten ${kabupaten}`;
}
