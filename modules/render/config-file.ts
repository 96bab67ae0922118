/** One text for a real program, and where it stands below the configuration volume. */
export interface ConfigFile {
  /** Relative, made of slugs: `pop-parakan/bird.conf`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Packs files into the one text that a carrier unpacks (images/ROLE/carrier.sh): a line `F path`, then each line of
 * the file behind `|`. One upload is one API call, hundreds are minutes (lab), and the form stays readable in a plan.
 */
export function bundle(files: readonly ConfigFile[]): string {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.map(({ path, text }) => `F ${path}\n${quoted(text)}`).join("");
}

/** The same for a pipe, which may break off: a line `E` says that nothing is missing. */
export function pipedBundle(files: readonly ConfigFile[]): string {
  return `${bundle(files)}E\n`;
}

function quoted(text: string): string {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  return body
    .split("\n")
    .map((line) => `|${line}\n`)
    .join("");
}
