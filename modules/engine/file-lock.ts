import { spawn } from "node:child_process";

/** Exit code of flock(1) when somebody else has the lock. */
const HELD = 75;

/**
 * Holds a lock of the kernel's on a file, through a helper that ends with us however we end: there is no stale lock,
 * after a kill and a power cut neither, and no second one between a look and a touch.
 * @param file is made where it is missing; its text is left alone
 * @param patienceSeconds how long to wait for somebody else; 0 looks once
 * @returns what lets it go; undefined when somebody else holds it
 */
export function holdFile(
  file: string,
  patienceSeconds = 0,
): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const words = ["--timeout", `${patienceSeconds}`, "--conflict-exit-code", `${HELD}`, file];
    // Its own session, for a Ctrl-C must not take the lock away; our end of its standard input closes with us.
    const helper = spawn("flock", [...words, "sh", "-c", "echo held; exec cat"], {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let said = "";
    helper.stderr.on("data", (part: Buffer) => (said += part.toString()));
    const ended = new Promise<void>((done) => helper.once("close", () => done()));
    helper.stdin.on("error", () => {});
    helper.once("error", reject);
    helper.stdout.once("data", () =>
      resolve(async () => {
        helper.stdin.end();
        await ended;
      }),
    );
    helper.once("close", (code) => {
      if (code === HELD) resolve(undefined);
      // As the system's own errors read, so that the way out says what this machine refused.
      else
        reject(
          Object.assign(new Error(said.trim() || `flock ${file} failed`), { syscall: "flock" }),
        );
    });
  });
}
