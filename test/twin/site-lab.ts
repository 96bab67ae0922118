import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { answerOf, localEngine, type Engine } from "../../modules/engine/docker-engine.ts";
import { until } from "./containment-lab.ts";

/** Folders of an engine's host that outlive a power cut, and lie on a disk of the site's own here. */
const KEPT = ["/var/lib/docker", "/var/lib/simpul"] as const;

/**
 * A second engine's host on this machine: its own processes, network, mounts and engine. Killing its first process is a
 * power cut: all processes and mounts are gone at once, what lies on its disk stays.
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

/** @param name of letters, at most eight: it becomes part of interface and namespace names. */
export async function buildSiteLab(name: string): Promise<SiteLab> {
  const here = localEngine(process.env);
  const folder = await mkdtemp(path.join(tmpdir(), `simpul-site-${name}-`));
  const outside = (inside: string): string => path.join(folder, "disk", inside);
  for (const kept of [...KEPT, "/etc", "/etc.work"])
    await mkdir(outside(kept), { recursive: true });
  const network = `simpul-site-${name}`;
  let first = 0;

  const engine: Engine = {
    name,
    run: (argv, stdin) => here.run(["nsenter", `--target=${first}`, "--all", "--", ...argv], stdin),
  };
  const cutPower = async (): Promise<void> => {
    if (first > 0) process.kill(first, "SIGKILL");
    if (first > 0) await until("its processes are gone", () => isGone(first));
    first = 0;
    await here.run(["ip", "netns", "delete", network]);
  };
  const powerOn = async (): Promise<void> => {
    await answerOf(here, ["ip", "netns", "add", network]);
    const script = path.join(folder, "host.sh");
    await writeFile(script, HOST);
    const own = ["--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"];
    const words = [`--net=/run/netns/${network}`, "unshare", ...own, "bash", script, name, folder];
    const child = spawn("nsenter", words, { detached: true, stdio: "ignore" });
    child.unref();
    await until("it has a first process", async () => {
      first = Number((await here.run(["pgrep", "--parent", String(child.pid)])).stdout);
      return first > 0 && (await engine.run(["test", "-e", "/run/ready"])).code === 0;
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
      await engine.run(["sh", "-c", "setsid dockerd >/var/lib/docker/log 2>&1 </dev/null &"]);
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

/** The first process of a host: puts its own disk in place, and stays. */
const HOST = `
set -eu
name=$1 folder=$2
exec >"$folder/log" 2>&1
mount --make-rprivate /
hostname "$name"
cgroups=$(mktemp -d)
mount --rbind /sys/fs/cgroup "$cgroups"
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount --rbind "$cgroups" /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /run
for kept in ${KEPT.join(" ")}; do
  mkdir -p "$kept"
  mount --bind "$folder/disk$kept" "$kept"
done
# What it writes there is its own, and outlives the power cut, too.
mount -t overlay -o "lowerdir=/etc,upperdir=$folder/disk/etc,workdir=$folder/disk/etc.work" site-etc /etc
ip link set lo up
: >/run/ready
exec sleep infinity
`;

async function isGone(pid: number): Promise<boolean> {
  return (await localEngine(process.env).run(["kill", "-0", String(pid)])).code !== 0;
}
