import { EngineRefusal, type Engine, type EngineAnswer } from "./docker-engine.ts";
import { ScratchContainer } from "./scratch-container.ts";

/** Files to bring back, and where to. */
export interface FileRestore {
  /** Docker volume of the repository. */
  readonly repository: string;
  readonly password: string;
  /** Id of the image `backup-proof`. */
  readonly image: string;
  readonly purpose: string;
  readonly memoryBytes: number;
  /** Full id of the snapshot, and of its companion where it has one. */
  readonly snapshot: string;
  readonly companion: string | undefined;
  /** Absolute, as the server sees them. */
  readonly paths: readonly string[];
  /** What stays as it is below these paths: it comes back by other means. */
  readonly keepBack: readonly string[];
  /** Docker volume of a server, or an absolute folder of the engine's host. */
  readonly target: string;
  /** The server's container, which is stopped while paths change places. */
  readonly container: string | undefined;
  readonly step: (words: string) => void;
}

/** Where it stopped, and what was said; nothing of the target has changed places, or was left there, unless `placing`. */
export interface FileRestoreProblem {
  readonly at: "restoring" | "comparing" | "refused" | "placing";
  readonly answer: EngineAnswer;
}

const TARGET = "/target";
const WORK = `${TARGET}/.simpul-restore`;
const STAGE = `${WORK}/stage`;
/** Left on the target's disk: file systems that are full to the last byte are no use to anybody. */
const RESERVE = 16 * 2 ** 20;
const LONG = 24 * 3600;
/** Exit code of `simpul-proof place` where a link stands on the way, of which it is aware before it moves anything. */
const THROUGH_LINK = 76;
const CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "MKNOD", "SETFCAP"];

/**
 * Restores beside what is there, on the same disk, compares, and only then lets paths change places while the server
 * stands still. All of it in a container that has no network and nothing else: no link in a snapshot or on the disk
 * leads anywhere. Broken off at any point, the same call goes on where it was.
 */
export async function restoreFiles(
  engine: Engine,
  request: FileRestore,
): Promise<FileRestoreProblem | { readonly comparison: string }> {
  const box = await ScratchContainer.start(engine, {
    name: `simpul-scratch-${request.purpose.replaceAll("/", "-")}`,
    ...{ purpose: request.purpose, image: request.image, memoryBytes: request.memoryBytes },
    capabilities: CAPABILITIES,
    mounts: [
      { source: request.repository, path: "/repository", readOnly: true },
      { source: request.target, path: TARGET },
    ],
  });
  try {
    await box.keepSecret("password", request.password);
    return await restoreIn(box, request);
  } finally {
    await box.remove();
  }
}

async function restoreIn(
  box: ScratchContainer,
  request: FileRestore,
): Promise<FileRestoreProblem | { readonly comparison: string }> {
  const { step } = request;
  const staged = await stage(box, request);
  if ("at" in staged) {
    await removeWork(box);
    return staged;
  }
  step("placing");
  const answer = await standingStill(box.engine, request.container, async () => {
    const placed = await proof(box, [
      "place",
      `${STAGE}/backup/files`,
      TARGET,
      `${WORK}/aside`,
      ...request.paths,
    ]);
    if (placed.code !== 0) return placed;
    for (const path of request.keepBack) {
      const kept = await proof(box, ["keep_back", `${WORK}/aside`, TARGET, path]);
      if (kept.code !== 0) return kept;
    }
    return placed;
  });
  if (answer.code === THROUGH_LINK && (await box.run(["test", "-e", `${WORK}/aside`])).code !== 0) {
    await removeWork(box);
    return { at: "refused", answer };
  }
  if (answer.code !== 0) return { at: "placing", answer };
  await removeWork(box);
  return staged;
}

function removeWork(box: ScratchContainer): Promise<EngineAnswer> {
  return box.run(["rm", "-rf", "--one-file-system", WORK], { seconds: LONG });
}

/** Restored and compared, now or by an earlier call. */
async function stage(
  box: ScratchContainer,
  { snapshot, companion, paths, step }: FileRestore,
): Promise<FileRestoreProblem | { readonly comparison: string }> {
  const done = `${WORK}/staged-${snapshot}`;
  const earlier = await box.run(["cat", done]);
  if (earlier.code === 0) return { comparison: earlier.stdout };
  step("restoring");
  await box.run(["mkdir", "-p", "-m", "0700", `${WORK}/work`]);
  const includes = [...paths.map((path) => `/backup/files${literal(path)}`), "/backup/manifest"];
  const most = String(2 ** 50);
  const restored = await proof(box, ["restore", snapshot, STAGE, most, `${RESERVE}`, ...includes]);
  if (restored.code !== 0) return { at: "restoring", answer: restored };
  const live = `${WORK}/live`;
  if (companion !== undefined) {
    const listed = await proof(box, ["restore", companion, live, most, `${RESERVE}`]);
    if (listed.code !== 0) return { at: "restoring", answer: listed };
  }
  step("comparing");
  const only = paths.map((path) => `files${encoded(path)}`).join("\n");
  const words = ["compare", `${STAGE}/backup`, ...(companion === undefined ? [] : [live])];
  const compared = await proof(box, words, { ONLY: only });
  if (compared.code !== 0) return { at: "comparing", answer: compared };
  const kept = await box.run(
    ["sh", "-c", 'cat >"$1.new" && sync "$1.new" && mv "$1.new" "$1"', "sh", done],
    {
      stdin: Buffer.from(compared.stdout),
    },
  );
  if (kept.code !== 0) throw new EngineRefusal(box.engine, ["docker", "exec"], kept);
  return { comparison: compared.stdout };
}

function proof(
  box: ScratchContainer,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<EngineAnswer> {
  return box.run(["simpul-proof", ...words], {
    environment: {
      RESTIC_REPOSITORY: "/repository",
      RESTIC_PASSWORD_FILE: "/run/simpul-scratch/password",
      WORK: `${WORK}/work`,
      ...environment,
    },
    seconds: LONG,
  });
}

/** Does work while the server stands still, and starts it again if it ran. */
async function standingStill(
  engine: Engine,
  container: string | undefined,
  work: () => Promise<EngineAnswer>,
): Promise<EngineAnswer> {
  if (container === undefined) return work();
  const format = ["--format", "{{.State.Running}} {{.HostConfig.RestartPolicy.Name}}", container];
  const { stdout } = await engine.run(["docker", "container", "inspect", ...format]);
  if (stdout.startsWith("true")) {
    const stopped = await engine.run(["docker", "stop", "--time", "30", container]);
    if (stopped.code !== 0) return stopped;
  }
  const answer = await work();
  // Also one that an earlier call stopped and did not come to start again.
  const started = await engine.run(["docker", "start", container]);
  return answer.code === 0 && started.code !== 0 ? started : answer;
}

/** A path as restic's patterns take it literally. */
function literal(path: string): string {
  return path.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);
}

/** As `simpul-proof plain` writes paths. */
function encoded(path: string): string {
  return path.replaceAll("%", "%25");
}
