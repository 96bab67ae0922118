import type { Engine, EngineAnswer } from "./docker-engine.ts";
import { OpenRepository, type RepositorySource } from "./restic-repository.ts";
import { ScratchContainer } from "./scratch-container.ts";

/** Where a VPS's PostgreSQL listens, on its volume. */
const SOCKETS = "/server/srv/postgresql/run";
const LONG = 24 * 3600;

export interface DatabaseRestore {
  readonly source: RepositorySource;
  readonly snapshot: string;
  /** Docker volume of the server whose PostgreSQL runs. */
  readonly target: string;
  /** Databases; all that were dumped where it is absent. */
  readonly name: string | undefined;
  /** Bytes that dumps may take. */
  readonly mostBytes: number;
  readonly step: (words: string) => void;
}

/** What is needed to load dumps of one snapshot into a running server. */
export interface LoadableDatabases {
  readonly names: readonly string[];
  /** `counts.tsv`. */
  readonly counts: string;
  /** Loads a dump beside the database of that name, and prints its counts. */
  readonly load: (name: string) => Promise<EngineAnswer>;
  /** Puts what was loaded in the place of the present one, which stays as `simpul_former_…`. */
  readonly swap: (name: string) => Promise<EngineAnswer>;
}

/**
 * Opens the dumps of one snapshot for `work`. The server that they are loaded into is its tenant's: it is spoken to by its
 * socket, from a container that has neither a network nor the repository nor its key.
 */
export async function withDatabases<T>(
  engine: Engine,
  { source, snapshot, target, mostBytes, step }: DatabaseRestore,
  work: (databases: LoadableDatabases) => Promise<T>,
): Promise<T | EngineAnswer> {
  const repository = await OpenRepository.open(engine, source);
  try {
    step("restoring the dumps");
    const restored = await repository.restore(snapshot, mostBytes, 2 ** 28, ["/backup/databases"]);
    if (restored.code !== 0) return restored;
    const dumps = await repository.dumps();
    if (dumps === undefined) return await work({ names: [], counts: "", load: none, swap: none });
    const ready = await repository.handOverDumps();
    if (ready.code !== 0) return ready;
    const box = await ScratchContainer.start(engine, {
      name: `${repository.container.name}-database`,
      ...{ purpose: source.purpose, image: source.image, user: "postgres" },
      memoryBytes: Math.floor(source.memoryBytes / 3),
      mounts: [
        { source: repository.container.name, path: "/scratch" },
        { source: target, path: "/server" },
      ],
    });
    const stamp = (name: string): string => `${snapshot.slice(0, 8)}_${dumps.names.indexOf(name)}`;
    const run = (words: readonly string[]): Promise<EngineAnswer> =>
      box.run(["simpul-proof", ...words], {
        environment: { WORK: repository.databaseWork },
        seconds: LONG,
      });
    try {
      return await work({
        names: dumps.names,
        counts: dumps.counts ?? "",
        load: (name) => run(["load_into", SOCKETS, repository.dumpFolder, name, stamp(name)]),
        swap: (name) => run(["swap_in", SOCKETS, name, stamp(name)]),
      });
    } finally {
      await box.remove();
    }
  } finally {
    await repository.close();
  }
}

function none(): Promise<EngineAnswer> {
  throw new Error("there are no dumps to load");
}
