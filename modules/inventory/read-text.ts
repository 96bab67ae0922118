import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import type { FoundFile } from "./find-files.ts";

const LARGEST_FILE = 2 ** 20;
/** The lock grows by a line per allocation: ten thousand take under a megabyte. */
const LARGEST_LOCK = 16 * 2 ** 20;

/** Second phase: the text of one file, UTF-8 and of sane size. Never follows a link, never waits on a pipe. */
export function readText(folder: string, file: FoundFile): string | Diagnostic {
  const largest = file.kind === "lock" ? LARGEST_LOCK : LARGEST_FILE;
  const bytes = read(join(folder, file.path), largest);
  if (bytes === "unreadable")
    return refused(
      file,
      1,
      "file-unreadable",
      "cannot be read",
      "permissions or the disk stand in the way",
      `chmod u+r ${file.path}`,
    );
  if (bytes === "too-large")
    return refused(
      file,
      1,
      "file-too-large",
      `is larger than ${largest / 2 ** 20} MiB`,
      "no inventory file needs that much, and reading it would stall every check",
      "split it, or keep the data elsewhere",
    );
  const encoding = otherEncoding(bytes);
  if (encoding !== undefined)
    return refused(
      file,
      1,
      "file-encoding",
      `is written in ${encoding}`,
      "the inventory is UTF-8 without a byte order mark, as git and every tool here reads it",
      "save it as UTF-8 without BOM",
    );
  if (!isUtf8(bytes))
    return refused(
      file,
      firstBadLine(bytes),
      "file-encoding",
      "holds bytes that are not UTF-8",
      "guessing an encoding would change names without a word",
      "save it as UTF-8",
    );
  return bytes.toString("utf8");
}

function read(path: string, largest: number): Buffer | "unreadable" | "too-large" {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return "unreadable";
  }
  try {
    const { size } = fstatSync(descriptor);
    return size > largest ? "too-large" : readFileSync(descriptor);
  } catch {
    return "unreadable";
  } finally {
    closeSync(descriptor);
  }
}

function otherEncoding(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 3).toString("hex");
  if (start === "efbbbf") return "UTF-8 with a byte order mark";
  if (start.startsWith("fffe") || start.startsWith("feff")) return "UTF-16";
  return bytes.includes(0) ? "UTF-16 or binary" : undefined;
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

function refused(
  file: FoundFile,
  line: number,
  id: string,
  predicate: string,
  why: string,
  fix: string,
): Diagnostic {
  const at = { file: file.path, line, column: 1 };
  return { id, severity: "error", at, what: `${file.path} ${predicate}`, why, fix };
}
