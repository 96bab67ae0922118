import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  buildContainmentLab,
  containerOf,
  type ContainmentLab,
  type Stats,
  until,
} from "./containment-lab.ts";
import { describeHostAttacks } from "./containment-host-cases.ts";
import { describeNetworkAttacks } from "./containment-network-cases.ts";

const MEBIBYTE = 2 ** 20;

describe("a VPS whose owner attacks, beside another agency's", () => {
  let lab: ContainmentLab;
  let started: string;

  beforeAll(async () => {
    lab = await buildContainmentLab();
    started = await startTimes();
  }, 300_000);
  afterAll(() => lab?.remove(), 120_000);

  const startTimes = async (): Promise<string> => {
    const names = [containerOf(lab.attacker), containerOf(lab.neighbour)];
    const inspect = ["inspect", "--format", "{{.State.StartedAt}} {{.RestartCount}}"];
    return (await lab.docker(...inspect, ...names)).stdout;
  };
  const attack = async (script: string): Promise<string> =>
    (await lab.login(lab.attacker, `exec 2>&1\n${script}`)).stdout;
  const neighbour = async (script: string): Promise<string> =>
    (await lab.login(lab.neighbour, `exec 2>&1\n${script}`)).stdout;
  const bothGoOn = async (): Promise<void> => {
    expect(await attack("echo here")).toBe("here\n");
    expect(await neighbour("echo here")).toBe("here\n");
    expect(await startTimes()).toBe(started);
  };

  describe("takes more than its share", () => {
    it("of memory: the program that does is killed, and nothing else", async () => {
      const fill = (mebibytes: number): string =>
        `perl -e 'push @all, "x" x ${MEBIBYTE} for 1..${mebibytes}'; echo "ended with $?"`;
      expect(await attack(fill(64))).toBe("ended with 0\n");
      const { memoryLimit } = await lab.stats(lab.attacker);
      expect(memoryLimit).toBe(lab.attacker.memoryBytes);
      expect(await attack(fill((2 * memoryLimit) / MEBIBYTE))).toMatch(/ended with 137\n$/);
      await bothGoOn();
    });

    it("of memory, by files that lie in memory: they end before it does", async () => {
      const fill = "dd if=/dev/zero of=/dev/shm/fill bs=1M; df --output=size -BM /dev/shm";
      expect(await attack(`${fill}; rm /dev/shm/fill`)).toMatch(/No space left[^]*\b64M\n$/);
      await bothGoOn();
    });

    it("of the processors: it waits, and the neighbour keeps its own", async () => {
      const spin = (loops: number): string =>
        `for i in $(seq ${loops}); do timeout 4 bash -c 'while :; do :; done' & done; wait`;
      const measure = async (work: () => Promise<unknown>): Promise<readonly [Used, Used]> => {
        const before = await Promise.all([lab.stats(lab.attacker), lab.stats(lab.neighbour)]);
        const began = performance.now();
        await work();
        const seconds = (performance.now() - began) / 1000;
        const after = await Promise.all([lab.stats(lab.attacker), lab.stats(lab.neighbour)]);
        return [used(before[0], after[0], seconds), used(before[1], after[1], seconds)];
      };
      const [, alone] = await measure(() => neighbour(spin(1)));
      const [greedy, beside] = await measure(() =>
        Promise.all([attack(spin(16)), neighbour(spin(1))]),
      );
      expect(greedy.throttled).toBeGreaterThan(2);
      expect(greedy.processors).toBeLessThan(lab.attacker.cpu * 1.1);
      // Other work on this machine takes from both; half is far more than one of seventeen loops would get.
      expect(beside.processors).toBeGreaterThan(alone.processors / 2);
    });

    it("of processes: it gets no more, and the neighbour does", async () => {
      const breed = (count: number): string => `perl -e '
        for (1..${count}) { my $p = fork; last unless defined $p; sleep 60 unless $p; push @all, $p }
        print scalar(@all), " processes, $!\\n"; kill TERM => @all'`;
      const [, count, why] = /^(\d+) processes, (.*)\n$/.exec(await attack(breed(5_000))) ?? [];
      expect(Number(count)).toBeGreaterThan(lab.attacker.pids / 2);
      expect(Number(count)).toBeLessThan(lab.attacker.pids);
      expect(why).toContain("Resource temporarily unavailable");
      expect(await neighbour(breed(200))).toMatch(/^200 processes/);
      await bothGoOn();
    });

    it("by a fork bomb: it stays inside, and a restart ends it", async () => {
      await attack("echo kept > /srv/kept");
      void attack("bash -c ':() { : | : & }; :'");
      await until("the bomb has gone off", async () => {
        const { processes } = await lab.stats(lab.attacker);
        return processes > lab.attacker.pids / 2;
      });
      expect((await lab.stats(lab.attacker)).processes).toBeLessThanOrEqual(lab.attacker.pids);
      expect(await neighbour("seq 50 | xargs -n 1 -P 10 echo | wc -l")).toBe("50\n");
      await lab.docker("restart", "--time", "1", containerOf(lab.attacker));
      await until("it is back", async () => (await attack("cat /srv/kept")) === "kept\n");
      started = await startTimes();
    });

    it("of the disk: its own is full, and the neighbour writes all of its", async () => {
      // Enough to see it, not so much that this machine is harmed where it is not contained.
      const most = (2 * lab.attacker.diskBytes) / MEBIBYTE;
      const fill = (folder: string): string =>
        `dd if=/dev/zero of=${folder}/fill bs=1M count=${most} conv=fsync; stat --format=%s ${folder}/fill`;
      const fills = [await attack(fill("/srv")), await attack(fill("/var/tmp"))];
      const sizes = fills.map((said) => Number(/No space left[^]*?(\d+)\n$/.exec(said)?.[1]));
      expect(sizes[0]! + sizes[1]!).toBeGreaterThan(lab.attacker.diskBytes * 0.8);
      expect(sizes[0]! + sizes[1]!).toBeLessThan(lab.attacker.diskBytes);
      const megabytes = Math.floor((lab.neighbour.diskBytes * 0.8) / MEBIBYTE);
      const write = `dd if=/dev/zero of=/srv/work bs=1M count=${megabytes} conv=fsync status=none`;
      expect(await neighbour(`${write} && rm /srv/work && echo written`)).toBe("written\n");
      await lab.docker("restart", containerOf(lab.attacker));
      await until("it starts though its disk is full", async () => {
        return (await attack("rm /srv/fill /var/tmp/fill && echo freed")) === "freed\n";
      });
      started = await startTimes();
    });

    it("by a place to write that has no bounds: there is none", async () => {
      // What lies in memory counts as its memory.
      const mounts = await attack(`while read -r _ place type options _; do
        case $type,$options in tmpfs,*|proc,*|sysfs,*|cgroup*,*|devpts,*|mqueue,*|*,ro,*|*,ro) continue ;; esac
        echo "$(stat --file-system --format='%S %b' "$place") $place"; done </proc/mounts`);
      const lines = mounts.trim().split("\n");
      const places = lines.map((line) => line.split(" "));
      expect(places.map(([, , place]) => place)).toEqual(expect.arrayContaining(["/", "/data"]));
      const bytes = (size = "", count = ""): number => Number(size) * Number(count);
      const unbounded = places.filter(
        ([size, count]) => bytes(size, count) > lab.attacker.diskBytes,
      );
      expect(unbounded).toEqual([]);
    });

    it("of what all of the machine's share by user: the neighbour still gets some", async () => {
      const watch = (count: number, then: string): string => `perl -e '
        for (1..${count}) { last if syscall(${inotifyInit()}, 0) < 0; $n++ } print "$n\\n"; ${then}'`;
      const hold = attack(watch(10_000, "$| = 1; sleep 5"));
      expect(await neighbour(`sleep 2; ${watch(100, "")}`)).toBe("100\n");
      expect(Number(await hold)).toBeGreaterThan(1_000);
    });
  });

  describeHostAttacks(() => lab);
  describeNetworkAttacks(() => lab);
});

interface Used {
  /** Processors' worth of time. */
  readonly processors: number;
  readonly throttled: number;
}

function used(before: Stats, after: Stats, seconds: number): Used {
  return {
    processors: (after.processorTime - before.processorTime) / 1e9 / seconds,
    throttled: after.throttled - before.throttled,
  };
}

/** Number of the system call inotify_init1. */
function inotifyInit(): number {
  return process.arch === "arm64" ? 26 : 294;
}
