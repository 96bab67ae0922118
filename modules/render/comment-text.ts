/** A person's words for a one-line comment: a line break in them would begin a line of configuration. */
export function commentText(words: string): string {
  return words.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
