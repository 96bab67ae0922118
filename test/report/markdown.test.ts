import fc from "fast-check";
import { marked, type Token, type Tokens } from "marked";
import { describe, expect, it } from "vitest";

import { codeBlock, codeSpan, table } from "../../modules/report/markdown.ts";

/** What may stand around a code span of ours. */
const PLAIN = ["list", "list_item", "text", "paragraph", "codespan", "space"];

/** Text with all that means something in Markdown, much more often than in life. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      ...Array.from("`|\\<>[]()!*_~#@:&-+=\"'\n\r\t "),
      "```",
      "<img src=x onerror=y>",
      "](http://evil.example)",
      "@kominfo/jaringan",
      "https://evil.example",
      "<!--",
      "-->",
      "\u202E",
      "\u2028",
      "&lt;",
    ),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
});

describe("text of people in Markdown", () => {
  it("is nothing but code in a line", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const tokens = all(marked.lexer(`- purpose: ${codeSpan(text)} end`));
        expect(tokens.filter(({ type }) => !PLAIN.includes(type))).toEqual([]);
        expect(tokens.filter(({ type }) => type === "codespan")).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it("stays inside its cell of a table", () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const text = table(["a", "b"], [[codeSpan(one), codeSpan(other)]]);
        const parsed = marked.lexer(text)[0] as Tokens.Table;
        expect(parsed.type).toBe("table");
        expect(parsed.rows).toHaveLength(1);
        expect(parsed.rows[0]!.map(({ tokens }) => tokens.map(({ type }) => type))).toEqual([
          ["codespan"],
          ["codespan"],
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it("does not end its block", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (lines) => {
        const [parsed, ...rest] = marked.lexer(codeBlock(lines));
        expect(parsed!.type).toBe("code");
        expect(rest).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("shows that there are letters which nobody sees", () => {
    expect(codeSpan("gaji\u202Egnp.exe")).toBe("`gaji�gnp.exe`");
    expect(codeBlock(["a\u2066b"])).toBe("```text\na�b\n```");
  });
});

function all(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) => [
    token,
    ...all((token as { readonly tokens?: readonly Token[] }).tokens ?? []),
    ...all((token as { readonly items?: readonly Token[] }).items ?? []),
  ]);
}
