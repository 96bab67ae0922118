import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
export const SIMPUL = join(ROOT, "scripts/simpul");

const WHO = {
  GIT_AUTHOR_NAME: "TIK",
  GIT_AUTHOR_EMAIL: "tik@ujikab.go.id",
  GIT_COMMITTER_NAME: "TIK",
  GIT_COMMITTER_EMAIL: "tik@ujikab.go.id",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real git repository with the small kabupaten `uji` in it, in a folder that is gone when the `using` block ends. */
export class RequestLab {
  readonly directory = mkdtempSync(join(tmpdir(), "simpul-request-"));

  constructor() {
    cpSync(join(ROOT, "test/fixtures/inventory/uji"), this.path("inventory/uji"), {
      recursive: true,
    });
    cpSync(join(ROOT, ".gitattributes"), this.path(".gitattributes"));
    this.git("init", "-q", "-b", "main");
    this.write("inventory/uji/perangkat-daerah/dinas-kominfo.yaml", (text) =>
      text.replace("subdomain:", 'maintainers: ["@kominfo/jaringan"]\nsubdomain:'),
    );
    this.write("inventory/uji/perangkat-daerah/dinas-pendidikan.yaml", (text) =>
      text.replace("subdomain:", 'maintainers: ["@dindik-tik"]\nsubdomain:'),
    );
    this.commit("begin");
  }

  path(file: string): string {
    return join(this.directory, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  write(file: string, content: string | ((text: string) => string)): this {
    const text = typeof content === "string" ? content : content(this.read(file));
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
    return this;
  }

  git(...words: readonly string[]): string {
    return this.gitWith("", ...words);
  }

  gitWith(input: string, ...words: readonly string[]): string {
    return execFileSync("git", words, {
      cwd: this.directory,
      env: { ...process.env, ...WHO },
      encoding: "utf8",
      input,
    }).trim();
  }

  commit(subject: string): string {
    this.git("add", "-A", ".");
    this.git("commit", "-q", "--allow-empty", "-m", subject);
    return this.git("rev-parse", "HEAD");
  }

  /** Makes a commit on a branch cut from main, and goes back to main. */
  branch(name: string, change: () => void): void {
    this.git("checkout", "-q", "-b", name, "main");
    change();
    this.commit(name);
    this.git("checkout", "-q", "main");
  }

  simpul(...words: readonly string[]): Promise<Said> {
    return runSimpul(this.path("inventory"), words);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function runSimpul(inventory: string, words: readonly string[]): Promise<Said> {
  const all = [...words, "--kabupaten", "uji", "--inventory", inventory];
  return new Promise((resolve) => {
    const child = execFile(SIMPUL, all, { cwd: tmpdir() }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** A whole file, as an agency would write it. */
export function vpsFile(
  name: string,
  owner: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const fields = {
    name,
    owner,
    purpose: "Layanan uji",
    classification: "terbuka",
    cpu: "1",
    memory: "512MiB",
    disk: "1GiB",
    image: "debian-12",
    ssh_keys:
      '["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxTwj/S6ucVl/pXMInCVsKqfrohum4GVhXT4QynwZLW tik@uji"]',
    backup: "{ every: 24h, paths: [/srv] }",
    expires: "2027-12-31",
    ...more,
  };
  return Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join("");
}
