/** Words and figures (`e2` is a number without a mantissa to some) that some YAML reader takes for something else than text (YAML 1.1, section on resolution). */
const NOT_TEXT = /^(?:y|yes|n|no|on|off|true|false|null|nan|inf|e[-.\d]*)$/i;
/** Safe in block and in flow. */
const PLAIN = /^[A-Za-z](?:[A-Za-z0-9 './()-]*[A-Za-z0-9.)])?$/;

/** One line of text as a YAML scalar: plain where every reader sees the same text in it, quoted elsewhere. */
export function yamlText(text: string): string {
  if (PLAIN.test(text) && !NOT_TEXT.test(text)) return text;
  return text.includes('"') && !text.includes("'") && PRINTABLE.test(text)
    ? `'${text}'`
    : quoted(text);
}

/** Always in quotes: codes, which other programs would read as numbers. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

const PRINTABLE = /^[\x20-\x7e]*$/;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
