import type { Output } from "../output.ts";
import type { RestoreOptions, RestoreTarget } from "./restore-at-hand.ts";

/** Into a folder of one's own nothing is lost; into a server only with its name typed, or --yes. */
export async function confirmed(
  output: Output,
  options: RestoreOptions,
  { name, server }: RestoreTarget,
  words: string,
): Promise<boolean> {
  if (options.yes === true || server === undefined) return true;
  if (options.json === true) return false;
  output.line(`In ${name}, ${words}; that is backed up first.`);
  if (output.ask === undefined) {
    output.line("Nothing was done: this was a dry run. To do it, add --yes.");
    return false;
  }
  const answer = await output.ask(`Type ${name} to restore into it: `);
  if (answer?.trim() === name) return true;
  output.line("Nothing was done.");
  return false;
}
