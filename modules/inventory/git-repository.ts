import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { promisify } from "node:util";

import { Fault } from "../core/fault.ts";

const run = promisify(execFile);
const LARGEST_ANSWER_BYTES = 128 * 1024 * 1024;

/** The repository that a folder stands in, asked without touching its checkout, index or references. */
export class GitRepository {
  private constructor(
    /** Absolute path of the checkout's top. */
    readonly root: string,
    /** The folder, relative to the top, with `/`: empty, or ending in `/`. */
    readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async at(folder: string): Promise<GitRepository | Fault> {
    const environment = {
      ...process.env,
      GIT_TERMINAL_PROMPT: "0",
      GIT_OPTIONAL_LOCKS: "0",
      LC_ALL: "C.UTF-8",
    };
    try {
      const { stdout } = await run("git", ["rev-parse", "--show-toplevel", "--show-prefix"], {
        cwd: realpathSync(folder),
        env: environment,
      });
      const [root = "", prefix = ""] = stdout.split("\n");
      return new GitRepository(root, prefix, environment);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ENOENT" && isThere(folder)
        ? new Fault("git is not installed", "install git")
        : new Fault(
            "the inventory stands in no git repository that can be read here",
            "run it in a clone of the repository",
          );
    }
  }

  /** The same repository; what is made on the way is kept in this folder instead, and gone with it. */
  async makingObjectsIn(folder: string): Promise<GitRepository> {
    const own = (
      await this.text("rev-parse", "--path-format=absolute", "--git-path", "objects")
    ).trim();
    return new GitRepository(this.root, this.folder, {
      ...this.environment,
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: own,
    });
  }

  /** The commit that a name stands for: 40 or 64 hexadecimal digits. */
  async commitOf(name: string): Promise<string | Fault> {
    try {
      const words = ["--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
      return (await this.text("rev-parse", ...words)).trim();
    } catch {
      return new Fault(
        `"${name}" is no commit that git knows here`,
        "name a branch or a commit that is here, such as origin/main; git fetch brings others",
      );
    }
  }

  /** Whether files of the folder differ from the commit that is checked out. */
  async hasUncommitted(): Promise<boolean> {
    const scope = this.folder === "" ? "." : this.folder;
    const words = ["--literal-pathspecs", "status", "--porcelain", "--untracked-files=all"];
    return (await this.text(...words, "--", scope)) !== "";
  }

  /** What git answers; throws with its exit code in `code` and its words in `stdout` and `stderr`. */
  async text(...words: readonly string[]): Promise<string> {
    return (await this.bytes(words)).toString("utf8");
  }

  async bytes(words: readonly string[], input = ""): Promise<Buffer> {
    const running = run("git", words, {
      cwd: this.root,
      env: this.environment,
      encoding: "buffer",
      maxBuffer: LARGEST_ANSWER_BYTES,
    });
    // It may answer, or fail, before it has read all.
    running.child.stdin?.on("error", () => {});
    running.child.stdin?.end(input);
    return (await running).stdout;
  }
}

function isThere(folder: string): boolean {
  try {
    return realpathSync(folder) !== "";
  } catch {
    return false;
  }
}
