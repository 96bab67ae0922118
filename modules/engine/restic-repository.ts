import { EngineRefusal, type Engine, type EngineAnswer } from "./docker-engine.ts";
import { readSnapshots, type ResticSnapshot } from "./restic-snapshots.ts";
import { makeScratchVolume, removeScratchVolume, ScratchContainer } from "./scratch-container.ts";

/** A repository to look into, and what is needed for it. */
export interface RepositorySource {
  /** A word that names what stands for it on the engine: `uji-ppdb-online-drc`. */
  readonly slug: string;
  /** Docker volume of the server, or a folder of the engine's host; it is mounted read-only. */
  readonly volume: string;
  readonly password: string;
  /** Id of the image `backup-proof`. */
  readonly image: string;
  readonly purpose: string;
  readonly memoryBytes: number;
}

const REPOSITORY = "/repository";
const SCRATCH = "/scratch";
const RESTORED = `${SCRATCH}/restored`;
const LIVE = `${SCRATCH}/live`;
const DUMPS = `${SCRATCH}/dumps`;
const DATABASE_WORK = `${SCRATCH}/server`;
/** A part of the memory is for the server that loads dumps, in a container of its own. */
const DATABASE_SHARE = 1 / 3;
/** As little as the slowest disk gives. */
const BYTES_PER_SECOND = 2 * 2 ** 20;
const LEAST_SECONDS = 600;

/** As restic restores them: who owned them, whatever their modes. */
const RESTORING = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "MKNOD", "SETFCAP"];

/**
 * A repository in a container of its own: no network, nothing of the server writable, no lock taken. What it unpacks
 * stands on a scratch volume, which goes with it.
 */
export class OpenRepository {
  private constructor(
    readonly source: RepositorySource,
    readonly container: ScratchContainer,
    /** Of the packs, for how long reading may take. */
    private bytes: number,
  ) {}

  /** @throws {EngineRefusal} when the engine cannot start the container */
  static async open(engine: Engine, source: RepositorySource): Promise<OpenRepository> {
    const volume = scratchName(source);
    await engine.run(["docker", "rm", "--force", "--volumes", volume, `${volume}-database`]);
    await makeScratchVolume(engine, volume, source.purpose);
    const container = await ScratchContainer.start(engine, {
      name: volume,
      ...{ purpose: source.purpose, image: source.image, capabilities: RESTORING },
      memoryBytes: Math.floor(source.memoryBytes * (1 - DATABASE_SHARE)),
      mounts: [
        { source: source.volume, path: REPOSITORY, readOnly: true },
        { source: volume, path: SCRATCH },
      ],
    });
    const made = await container.run(["mkdir", "-p", `${SCRATCH}/work`]);
    if (made.code !== 0) throw new EngineRefusal(engine, ["docker", "exec"], made);
    await container.keepSecret("password", source.password);
    return new OpenRepository(source, container, 0);
  }

  async close(): Promise<void> {
    const { engine, name } = this.container;
    await engine.run(["docker", "rm", "--force", "--volumes", name, `${name}-database`]);
    await removeScratchVolume(engine, name);
  }

  /** The files of the repository as they stand on the server. */
  async look(): Promise<RepositoryLook | "no-config"> {
    const answer = await this.#proof(["look", REPOSITORY], 900);
    if (answer.stdout.startsWith("no-config")) return "no-config";
    const look = readLook(answer.stdout);
    if (answer.code !== 0 || look === undefined)
      throw new EngineRefusal(this.container.engine, ["simpul-proof", "look"], answer);
    this.bytes = look.packBytes;
    return look;
  }

  /** Its snapshots, oldest first; what restic said where it gave none. */
  async snapshots(): Promise<readonly ResticSnapshot[] | EngineAnswer> {
    const answer = await this.#restic(["snapshots", "--json"]);
    const snapshots = answer.code === 0 ? readSnapshots(answer.stdout) : undefined;
    // A warning beside a list is one all the same.
    return snapshots === undefined || answer.stderr.trim() !== "" ? answer : snapshots;
  }

  /** Whether a snapshot holds a file or folder, by its path as restic has it; what restic said where it said nothing. */
  async holds(snapshot: string, path: string): Promise<boolean | EngineAnswer> {
    const answer = await this.#restic(["ls", "--json", snapshot, path]);
    if (answer.code !== 0) return answer;
    const nodes = answer.stdout.split("\n").filter((line) => line.startsWith("{"));
    return nodes.some((line) => (JSON.parse(line) as { readonly path?: string }).path === path);
  }

  /**
   * Index, packs and trees as a whole; with the data of a part of the packs, or of all.
   * @param part `2/7`, or `all`
   */
  check(part?: string): Promise<EngineAnswer> {
    const data =
      part === undefined ? [] : part === "all" ? ["--read-data"] : [`--read-data-subset=${part}`];
    return this.#restic(["check", ...data]);
  }

  /** Packs whose content is not what was stored, by their checksums alone. */
  packs(readers: number): Promise<EngineAnswer> {
    return this.#proof(["packs", REPOSITORY, String(readers)], this.#seconds());
  }

  /** Bytes that are free where it would be restored to. */
  async scratchRoom(): Promise<number> {
    const { stdout } = await this.container.run([
      ...["df", "--block-size=1", "--output=avail", SCRATCH],
    ]);
    return Number(stdout.trim().split("\n").at(-1));
  }

  /** Restores a snapshot onto the scratch volume; ends with code 75 when it would grow beyond `mostBytes`. */
  restore(
    snapshot: string,
    mostBytes: number,
    reserveBytes: number,
    includes: readonly string[] = [],
  ): Promise<EngineAnswer> {
    return this.#proof(
      ["restore", snapshot, RESTORED, `${mostBytes}`, `${reserveBytes}`, ...includes],
      this.#seconds() + Math.ceil(mostBytes / BYTES_PER_SECOND),
    );
  }

  /** Restores the list of what changed while it was read. */
  restoreLive(companion: string): Promise<EngineAnswer> {
    return this.#proof(["restore", companion, LIVE, `${2 ** 30}`, "0"], this.#seconds());
  }

  /** What differs between what was restored and its manifest. */
  compare(hasLive: boolean): Promise<EngineAnswer> {
    const live = hasLive ? [LIVE] : [];
    return this.#proof(["compare", `${RESTORED}/backup`, ...live], this.#seconds());
  }

  /** Paths of the server that are not in what was restored. */
  async missingPaths(paths: readonly string[]): Promise<readonly string[]> {
    const look = 'for path; do [ -e "$path" ] || [ -L "$path" ] || printf "%s\\0" "$path"; done';
    const root = `${RESTORED}/backup/files`;
    const argv = ["sh", "-c", look, "sh", ...paths.map((path) => `${root}${path}`)];
    const { stdout } = await this.container.run(argv);
    return stdout
      .split("\0")
      .filter(Boolean)
      .map((path) => path.slice(root.length));
  }

  /** Names of the dumps, and the rows that were counted when they were taken; undefined where there are none. */
  async dumps(): Promise<RestoredDumps | undefined> {
    const folder = `${RESTORED}/backup/databases/postgresql`;
    const list = ["find", folder, "-maxdepth", "1", "-name", "*.dump", "-printf", "%f\\0"];
    const found = await this.container.run(list);
    if (found.code !== 0) return undefined;
    const counts = await this.container.run(["cat", `${folder}/counts.tsv`]);
    const names = found.stdout.split("\0").filter(Boolean);
    // A server without a table has none to count: an empty list is one.
    return {
      names: names.map(databaseOf),
      ...(counts.code === 0 && { counts: counts.stdout }),
    };
  }

  /** Where dumps stand for who loads them, and where it may write. */
  readonly dumpFolder = DUMPS;
  readonly databaseWork = DATABASE_WORK;

  /** Gives the dumps to the user that loads them. */
  handOverDumps(): Promise<EngineAnswer> {
    const give = 'rm -rf "$2" "$3"; mv "$1" "$2" && mkdir "$3" && chown -R "$4" "$2" "$3"';
    return this.container.run([
      ...["bash", "-c", give, "bash"],
      ...[`${RESTORED}/backup/databases/postgresql`, DUMPS, DATABASE_WORK, "postgres"],
    ]);
  }

  /** Loads all dumps into a server in another container, which has neither the repository nor its key. */
  async loadDatabases(): Promise<EngineAnswer> {
    const user = "postgres";
    const ready = await this.handOverDumps();
    if (ready.code !== 0) return ready;
    const server = await ScratchContainer.start(this.container.engine, {
      name: `${this.container.name}-database`,
      ...{ purpose: this.source.purpose, image: this.source.image, user },
      memoryBytes: Math.floor(this.source.memoryBytes * DATABASE_SHARE),
      mounts: [{ source: scratchName(this.source), path: SCRATCH }],
    });
    try {
      return await server.run(["simpul-proof", "databases", DUMPS], {
        environment: { WORK: DATABASE_WORK },
        seconds: this.#seconds() * 4,
      });
    } finally {
      await server.remove();
    }
  }

  /** Runs restic on it, taking no lock and keeping no cache. */
  #restic(words: readonly string[]): Promise<EngineAnswer> {
    return this.container.run(["restic", "--no-lock", "--no-cache", ...words], {
      environment: ENVIRONMENT,
      seconds: this.#seconds(),
    });
  }

  #proof(words: readonly string[], seconds: number): Promise<EngineAnswer> {
    return this.container.run(["simpul-proof", ...words], { environment: ENVIRONMENT, seconds });
  }

  #seconds(): number {
    return LEAST_SECONDS + Math.ceil(this.bytes / BYTES_PER_SECOND);
  }
}

/** `my%2Edb.dump` is of `my.db`: the runner writes bytes that mean something to others as %XX. */
function databaseOf(file: string): string {
  const name = file.slice(0, -".dump".length);
  const bytes = name.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString();
}

const ENVIRONMENT = {
  RESTIC_REPOSITORY: REPOSITORY,
  RESTIC_PASSWORD_FILE: "/run/simpul-scratch/password",
};

function scratchName({ slug }: RepositorySource): string {
  return `simpul-scratch-${slug}`;
}

/** Dumps of databases, as they stand where they were restored to. */
export interface RestoredDumps {
  /** Of the databases. */
  readonly names: readonly string[];
  /** Rows of each table, as the runner wrote them down; absent where it did not. */
  readonly counts?: string;
}

/** What the files of a repository say without its key. */
export interface RepositoryLook {
  /** Milliseconds since 1970, by the clock of the engine's host. */
  readonly now: number;
  readonly volumeBytes: number;
  readonly freeBytes: number;
  readonly packs: number;
  readonly packBytes: number;
  /** Changes with every file that is added, removed or written again. */
  readonly listing: string;
  /** When each snapshot's file was written, in milliseconds since 1970, by its id. */
  readonly writtenAt: ReadonlyMap<string, number>;
  /** Small files whose content is not what their name says. */
  readonly damaged: readonly {
    readonly folder: "index" | "snapshots" | "keys";
    readonly name: string;
  }[];
}

function readLook(text: string): RepositoryLook | undefined {
  const words = text.split("\n").map((line) => line.trim().split(/\s+/));
  const numbers = (name: string): readonly number[] =>
    words
      .find(([first]) => first === name)
      ?.slice(1)
      .map(Number) ?? [];
  const [now] = numbers("now");
  const [volumeBytes, freeBytes] = numbers("room");
  const [packs, packBytes] = numbers("packs");
  const listing = words.find(([first]) => first === "listing")?.[1];
  if (now === undefined || volumeBytes === undefined || freeBytes === undefined) return undefined;
  if (packs === undefined || packBytes === undefined || listing === undefined) return undefined;
  return {
    ...{ now: now * 1000, volumeBytes, freeBytes, packs, packBytes, listing },
    writtenAt: new Map(
      words
        .filter(([first]) => first === "snapshot")
        .map(([, id, seconds]) => [id!, Number(seconds) * 1000]),
    ),
    damaged: words
      .filter(([first]) => first === "damaged")
      .map(([, folder, name]) => ({
        folder: folder as "index" | "snapshots" | "keys",
        name: name!,
      })),
  };
}
