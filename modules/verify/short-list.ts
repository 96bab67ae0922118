/** The first few of many, and how many more: a finding must fit a screen. */
export function shortList(texts: readonly string[], shown = 4): string {
  if (texts.length <= shown + 1) return texts.join(", ");
  return `${texts.slice(0, shown).join(", ")} and ${texts.length - shown} more`;
}

/** `1 zone`, `3 prefixes`. */
export function counted(count: number, noun: string): string {
  const plural = noun.endsWith("x") ? `${noun}es` : `${noun}s`;
  return `${count} ${count === 1 ? noun : plural}`;
}
