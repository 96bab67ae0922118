import { answerOf, type Engine } from "./docker-engine.ts";

/** Puts a file on an engine's host, whole or not at all, and its folder where that is missing. */
export async function putFile(
  engine: Engine,
  path: string,
  mode: "0600" | "0644" | "0755",
  text: Buffer,
): Promise<void> {
  await answerOf(engine, ["sh", "-euc", PUT, "put-file", path, mode], text);
}

// `install` opens /dev/stdin anew, which no socket allows.
const PUT = `
mkdir -p "\${1%/*}"
(umask 077; cat >"$1.new")
chmod "$2" "$1.new"
mv --no-target-directory "$1.new" "$1"
`;
