import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { imageOf } from "../render/router-carrier.ts";
import { firewallCounter } from "../setup/firewall-lab.ts";
import { containerOf, type ContainmentLab } from "./containment-lab.ts";
import { reached } from "./containment-reach.ts";

/** What leads from a VPS to the machine that it runs on: its limits, its files, its addresses. */
export function describeHostAttacks(lab: () => ContainmentLab): void {
  const attack = async (script: string): Promise<string> =>
    (await lab().login(lab().attacker, `exec 2>&1\n${script}`)).stdout;

  describe("reaches for the machine it runs on", () => {
    it("to lift its own limits: they stay", async () => {
      const memory =
        "$(find /sys/fs/cgroup -name memory.limit_in_bytes -o -name memory.max | head -1)";
      const tries = [
        `echo 99999999999 > ${memory}`,
        "mount -o remount,rw /sys/fs/cgroup",
        "mount -o remount,rw /sys/fs/cgroup/memory",
        "mount -t cgroup -o memory none /mnt",
        "mount -t cgroup2 none /mnt",
        "unshare --cgroup true",
        "unshare --user --map-root-user true",
        "echo '#!/bin/sh' > /sys/fs/cgroup/memory/release_agent",
        "nsenter --target 1 --cgroup true",
      ];
      for (const one of tries)
        expect([one, await attack(`${one} && echo done`)]).toEqual([
          one,
          expect.not.stringMatching(/done$/m),
        ]);
      const { memoryBytes, pids, cpu } = lab().attacker;
      const limits = "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.CpuQuota}}";
      const { stdout } = await lab().docker("inspect", "-f", limits, containerOf(lab().attacker));
      expect(stdout.trim()).toBe(`${memoryBytes} ${pids} ${cpu * 100_000}`);
      expect((await lab().stats(lab().attacker)).memoryLimit).toBe(memoryBytes);
    });

    it("for its files: none is found", async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "simpul-host-"));
      const marker = `marker-${randomUUID()}`;
      try {
        await writeFile(path.join(folder, marker), "of the host");
        const find = `find / /proc/[0-9]*/root/ /proc/[0-9]*/cwd/ -name ${marker} 2>/dev/null`;
        const open = ["run", "--rm", "--network", "none", "--volume", `${folder}:/mnt:ro`];
        const shell = ["--entrypoint", "bash", imageOf("vps-debian-12"), "-c", find];
        expect((await lab().docker(...open, ...shell)).stdout).toContain(`/mnt/${marker}`);
        expect(await attack(find)).toBe("");
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it("for its disks, memory and kernel: nothing opens", async () => {
      const tries = [
        [
          "disks",
          "for n in 7:0 8:0 254:0 259:0; do mknod /tmp/disk b ${n/:/ } && head -c 1 /tmp/disk; done",
        ],
        ["memory", "mknod /tmp/mem c 1 1 && head -c 1 /tmp/mem; head -c 1 /dev/mem /proc/kcore"],
        ["messages", "dmesg"],
        ["settings", "echo 1 > /proc/sys/kernel/sysrq; echo b > /proc/sysrq-trigger"],
        ["helpers", "echo '|/bin/sh' > /proc/sys/kernel/core_pattern"],
        ["its configuration", "touch /etc/simpul/x; echo key >> /etc/simpul/authorized_keys"],
        ["mounts", "mount --bind / /mnt; mount -t tmpfs none /mnt"],
      ] as const;
      for (const [what, script] of tries) {
        const said = await attack(`(set -o pipefail; ${script}) && echo done`);
        expect([what, said]).toEqual([
          what,
          expect.stringMatching(/not permitted|[Rr]ead-only|denied|No such file/),
        ]);
        expect([what, said]).toEqual([what, expect.not.stringMatching(/done$/m)]);
      }
      // open_by_handle_at, by which a root without bounds reads any file of the disk that it stands on.
      const call = process.arch === "arm64" ? 265 : 304;
      expect(await attack(`perl -e 'syscall(${call}, 3, 0, 0); print "$!\\n"'`)).toBe(
        "Operation not permitted\n",
      );
    });

    it("for the others' processes: it sees its own only", async () => {
      const { stdout } = await lab().docker("top", containerOf(lab().attacker), "-o", "pid");
      const own = stdout.trim().split("\n").length;
      const seen = await attack("ls -d /proc/[0-9]* | wc -l");
      expect(Number(seen)).toBeLessThan(own + 10);
    });

    it("for its engine and services: none of its addresses answers", async () => {
      const { plan, attacker } = lab();
      const service = createServer((socket) => socket.end());
      await new Promise<void>((resolve) => service.listen(0, "::", resolve));
      const address = service.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      try {
        const { engineAddress } = plan.segments.find(({ name }) => name === attacker.segment)!;
        const own = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
        const elsewhere = own.filter(({ internal, scopeid }) => !internal && !scopeid);
        const hosts = [
          engineAddress.ipv4.text,
          engineAddress.ipv6.text,
          "fe80::1%eth0",
          ...elsewhere.map(({ address: text }) => text),
        ];
        const before = await firewallCounter("host_dropped");
        expect(await reached(lab(), attacker, hosts, [port, 22, 2375, 2376])).toEqual([]);
        expect(await firewallCounter("host_dropped")).toBeGreaterThan(before);
        expect(
          await attack(
            "find / -xdev -type s -name '*docker*'; ls /run/docker.sock /var/run/docker.sock",
          ),
        ).not.toMatch(/^\/.*sock$/m);
      } finally {
        service.close();
      }
    });
  });
}
