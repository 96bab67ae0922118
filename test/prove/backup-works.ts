import { alarmsIn } from "./alarms.ts";
import { within, SIMPUL, type UnderWay, type Victim } from "./backup-victims.ts";
import { SERVERS, VERIFY, type BackupGround } from "./backup-ground.ts";
import { pick } from "./random.ts";
import type { AgentStatus } from "../twin/backup-lab.ts";
import type { Said } from "../twin/kabupaten-lab.ts";

/** One of the things that happen to backups. */
export interface BackupWork {
  readonly name: "backup" | "prune" | "copy" | "verify";
  readonly victims: readonly Victim[];
  /** Brings about that there is something to do; gives what does it, and what ends it. */
  prepare(ground: BackupGround, random: () => number): Promise<PreparedWork>;
}

export interface PreparedWork {
  /** The server whose backups it is about; stands for NAME in a victim's container. */
  readonly server: string;
  start(): Promise<UnderWay>;
  /** The same command once more; nothing when it says that it is done, else why not. */
  again(): Promise<string | undefined>;
  /** Snapshots of the Pusat Data that are to go by it. */
  readonly going?: readonly string[];
}

const SERVER_HERE = within("uji-backup-server-cadangan");

export const BACKUP_WORKS: readonly BackupWork[] = [
  {
    name: "backup",
    victims: [
      within("uji-backup-runner-NAME", "restic"),
      within("uji-backup-runner-NAME"),
      SERVER_HERE,
      ...SIMPUL,
    ],
    prepare: async (ground, random) => {
      const name = pick(random, SERVERS);
      await ground.write(name, 12);
      return command(ground, name, ["backup", "run", name]);
    },
  },
  {
    name: "prune",
    victims: [within("keeper-uji-NAME", "restic"), within("keeper-uji-NAME"), ...SIMPUL],
    prepare: async (ground, random) => {
      const name = pick(random, SERVERS);
      for (const size of [5, 6]) await ground.backUp(name, size);
      const left = await ground.copied();
      if (left.length > 0) throw new Error(left.join("; "));
      const shown = await ground.lab.simpul("backup", "prune", name, "--json");
      const { going, token } = JSON.parse(shown.stdout) as Shown;
      const prune = command(ground, name, ["backup", "prune", name, "--confirm", token, "--json"]);
      return {
        ...prune,
        going: going.map(({ id }) => id),
        again: async () => {
          const failure = await prune.again();
          // One that had come to its end before it was disturbed has no token any more.
          const isSpent = failure?.includes("the token") === true;
          return isSpent && (await isPruned(ground, name)) ? undefined : failure;
        },
      };
    },
  },
  {
    name: "copy",
    victims: [
      within("uji-backup-runner-salinan-drc", "restic"),
      within("uji-backup-runner-salinan-drc"),
      within("uji-backup-server-cadangan-drc"),
      SERVER_HERE,
    ],
    prepare: async (ground, random) => {
      const name = pick(random, SERVERS);
      await ground.backUp(name, 12);
      return {
        server: name,
        start: async () => {
          const isAtIt = ({ repositories = {} }: AgentStatus): boolean =>
            repositories[name]?.running === true;
          await ground.backups.until("salinan-drc", isAtIt, 60).catch(() => undefined);
          return { ended: ground.copied() };
        },
        again: async () => (await ground.copied()).at(0),
      };
    },
  },
  {
    name: "verify",
    victims: [within("scratch-uji-", "restic"), within("scratch-uji-"), ...SIMPUL],
    prepare: (ground, random) => Promise.resolve(command(ground, pick(random, SERVERS), VERIFY)),
  },
];

interface Shown {
  readonly going: readonly { readonly id: string }[];
  readonly token: string;
  readonly begun: boolean;
}

function command(ground: BackupGround, server: string, words: readonly string[]): PreparedWork {
  return {
    server,
    start: () => Promise.resolve(ground.lab.start(...words)),
    again: async () => failureOf(await ground.lab.simpul(...words)),
  };
}

function failureOf(said: Said): string | undefined {
  return said.exitCode === 0 ? undefined : alarmsIn(said).join("; ");
}

async function isPruned(ground: BackupGround, name: string): Promise<boolean> {
  const { stdout } = await ground.lab.simpul("backup", "prune", name, "--json");
  if (!stdout.startsWith("{")) return false;
  const { begun, going } = JSON.parse(stdout) as Partial<Shown>;
  return begun === false && going?.length === 0;
}
