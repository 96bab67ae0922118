import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { lockText, parseLock, settledLines } from "../../modules/inventory/lock-file.ts";

const label = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/);
const key = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("/"));
const value = fc.oneof(
  fc.nat({ max: 4_294_967_294 }).map(String),
  fc.ipV4().map((address) => `${address}/32`),
  fc.tuple(fc.ipV4(), fc.ipV6()).map(([ipv4, ipv6]) => `${ipv4} ${ipv6.replace(/^:/, "0:")}`),
  fc.constantFrom("10.64.0.0/31 fd33::", "fd33::", "true", "0", "1e3"),
);

describe("lockText", () => {
  it("reads back the same, here and by any YAML reader", () => {
    fc.assert(
      fc.property(fc.dictionary(key, value), (record) => {
        const entries = new Map(Object.entries(record));
        const text = lockText(entries);
        const { lock, findings } = parseLock("ip-plan.lock.yaml", text);
        expect(findings).toEqual([]);
        expect(new Map([...lock.entries].map(([name, entry]) => [name, entry.value]))).toEqual(
          entries,
        );
        expect(parse(text, { schema: "failsafe" }) ?? {}).toEqual(record);
      }),
    );
  });

  it("is sorted, so that branches merge, and does not depend on order", () => {
    const [a, b] = [
      ["vps/b", "1"],
      ["asn/a", "2"],
    ] as [string, string][];
    expect(lockText(new Map([a!, b!]))).toBe(lockText(new Map([b!, a!])));
    expect(lockText(new Map([a!, b!])).match(/^[a-z].*$/gm)).toEqual(["asn/a: 2", "vps/b: 1"]);
  });

  it.each([
    ["no-slash", "1"],
    ["a/b", ""],
    ["a/b", 'x"y'],
    ["a/b", "x\ny"],
    ["A/b", "1"],
  ])("will not write %j: %j", (name, text) => {
    expect(() => lockText(new Map([[name, text]]))).toThrow("not a line of the lock");
  });
});

describe("parseLock", () => {
  it.each([
    "a/b",
    "a/b:",
    "a/b:1",
    "  a/b: 1",
    "a: 1",
    "A/b: 1",
    "a/b: [1]",
    "a/b: {}",
    "a/b: &x 1",
    "a/b: *x",
    "a/b: !!int 1",
    "a/b: |",
    "? a/b",
    "- a/b: 1",
    "a//b: 1",
    "---",
  ])("refuses %j", (line) => {
    expect(parseLock("ip-plan.lock.yaml", `# lock\n${line}\n`)).toMatchObject({
      findings: [{ id: "lock-line", at: { line: 2, column: 1 } }],
    });
  });

  it("reads CRLF, comments and blank lines", () => {
    const { lock, findings } = parseLock("l", "# a\r\n\r\na/b: 1\r\n  # c\r\n");
    expect(findings).toEqual([]);
    expect([...lock.entries]).toEqual([
      ["a/b", { value: "1", at: { file: "l", line: 3, column: 1 } }],
    ]);
  });
});

describe("a lock that git has merged", () => {
  it("may say the same twice", () => {
    const { lock, findings } = parseLock("l", "a/b: 1\na/b: 1\n");
    expect(findings).toEqual([]);
    expect(lock.entries.get("a/b")?.value).toBe("1");
  });

  it("keeps the value that was kept, else the one that sorts first, in any order", () => {
    const lines = ["<<<<<<< HEAD", "a/b: 2", "c/d: 4", "=======", "a/b: 1", "c/d: 3", ">>>>>>> b"];
    const expected = new Map([
      ["a/b", "2"],
      ["c/d", "3"],
    ]);
    for (const text of [lines.join("\n"), lines.toReversed().join("\r\n")])
      expect(settledLines(text, new Map([["a/b", "2"]]))).toEqual(expected);
  });
});
