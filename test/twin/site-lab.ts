import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { answerOf, localEngine, type Engine } from "../../modules/engine/docker-engine.ts";
import { until } from "./containment-lab.ts";

/** Folders of an engine's host that outlive a power cut, and lie on a disk of the site's own here. */
const KEPT = ["/var/lib/docker", "/var/lib/simpul"] as const;
const FOLDERS = "simpul-site-";

/**
 * A second engine's host on this machine: its own processes, network, mounts and engine. Killing its first process is a
 * power cut: all processes and mounts are gone at once, what lies on its disk stays. It ends with the process that built
 * it, however that one ends.
 */
export interface SiteLab {
  /** Runs programs on that host. */
  readonly engine: Engine;
  /** Its first process, as this machine counts. */
  readonly firstProcess: () => number;
  /** A folder of the site as this machine sees it, without what is mounted there. */
  readonly outside: (folder: string) => string;
  /** Runs `commands` as the boot does, then starts the engine. */
  readonly boot: (commands: readonly string[]) => Promise<void>;
  readonly cutPower: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export interface SiteOptions {
  /** Folders on the site's own disk; all others but /etc and /run are this machine's. */
  readonly kept?: readonly string[];
  /** What starts the engine, in words of a shell. */
  readonly engine?: string;
}

/** @param name its host name, and part of its folder's */
export async function buildSiteLab(name: string, options: SiteOptions = {}): Promise<SiteLab> {
  const { kept = KEPT, engine: program = "dockerd" } = options;
  const here = localEngine(process.env);
  await removeForsaken(here);
  const folder = await mkdtemp(path.join(tmpdir(), `${FOLDERS}${name}-`));
  const outside = (inside: string): string => path.join(folder, "disk", inside);
  for (const one of [...kept, "/etc", "/etc.work"]) await mkdir(outside(one), { recursive: true });
  let first = 0;

  const engine: Engine = {
    name,
    run: (argv, stdin) => here.run(["nsenter", `--target=${first}`, "--all", "--", ...argv], stdin),
  };
  const cutPower = async (): Promise<void> => {
    if (first > 0) process.kill(first, "SIGKILL");
    if (first > 0) await until("its processes are gone", () => isGone(first));
    first = 0;
  };
  const powerOn = async (): Promise<void> => {
    const script = path.join(folder, "host.sh");
    await writeFile(script, HOST);
    const ends = ["--pdeathsig", "KILL", "flock", "--no-fork", path.join(folder, LOCK)];
    const own = ["--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"];
    const words = [...ends, "unshare", ...own, "bash", script, name, folder, ...kept];
    const child = spawn("setpriv", words, { detached: true, stdio: "ignore" });
    child.unref();
    await until("it has a first process", async () => {
      first = Number((await here.run(["pgrep", "--parent", String(child.pid)])).stdout);
      return first > 0 && (await engine.run(["test", "-e", `/run/${name}-is-up`])).code === 0;
    });
  };
  return {
    engine,
    firstProcess: () => first,
    outside,
    cutPower,
    boot: async (commands) => {
      await powerOn();
      for (const command of commands) await answerOf(engine, ["sh", "-c", command]);
      await engine.run(["sh", "-c", `setsid ${program} >/run/engine.log 2>&1 </dev/null &`]);
      await until("its engine answers", async () => {
        return (await engine.run(["docker", "version"])).code === 0;
      });
    },
    remove: async () => {
      await cutPower();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Held as long as the site has power. */
const LOCK = "lock";

/** Disks of sites whose builder was killed. */
async function removeForsaken(here: Engine): Promise<void> {
  const script = `for folder in "$1"*; do
    [ ! -e "$folder/$2" ] || flock --nonblock "$folder/$2" rm -rf --one-file-system "$folder" || true
  done`;
  await answerOf(here, ["sh", "-c", script, "sweep", path.join(tmpdir(), FOLDERS), LOCK]);
}

/** The first process of a host: puts its own disk in place, and stays; bash buries whoever has lost its parent. */
const HOST = `
set -eu
name=$1 folder=$2
shift 2
exec >"$folder/log" 2>&1
mount --make-rprivate /
hostname "$name"
cgroups=$(mktemp -d)
mount --rbind /sys/fs/cgroup "$cgroups"
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount --rbind "$cgroups" /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /run
for kept; do
  mkdir -p "$kept"
  # Hidden by the next line, it would stay in the list of mounts, which Docker believes.
  awk -v below="$kept/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | tac |
    while read -r at; do umount --lazy "$at"; done
  mount --bind "$folder/disk$kept" "$kept"
done
# What it writes there is its own, and outlives the power cut, too.
mount -t overlay -o "lowerdir=/etc,upperdir=$folder/disk/etc,workdir=$folder/disk/etc.work" site-etc /etc
ip link set lo up
: >"/run/$name-is-up"
sleep infinity &
wait
`;

async function isGone(pid: number): Promise<boolean> {
  return (await localEngine(process.env).run(["kill", "-0", String(pid)])).code !== 0;
}
