import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { Fault } from "../../modules/core/fault.ts";
import { readRoleImages } from "../../modules/engine/images.ts";
import { LOCAL, ROOT } from "../../stacks/prepare.ts";
import { timed, type Subject } from "./contender.ts";
import { program } from "./program.ts";
import { WideUji } from "./wide-uji.ts";

const OWNER = "dinas-pendidikan";
const SUBDOMAIN = "dindikpora.intra.ujikab.go.id";

/** From the wish for a VPS to the first command that its owner runs on it, by name, from the agency's LAN. */
export const request = (agencies: number): Subject => ({
  name: "request",
  begin: async () => {
    const uji = await WideUji.begin(agencies);
    const keys = await mkdtemp(path.join(tmpdir(), "simpul-bench-keys-"));
    const end = async (): Promise<void> => {
      await uji.end();
      await rm(keys, { recursive: true, force: true });
    };
    try {
      const key = path.join(keys, "id");
      await program("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", key]);
      await uji.simpul("deploy", "--yes");
      const touched = new Set<string>();
      let count = 0;
      const about = `uji with ${agencies} more agencies: ${await uji.size()}; running`;
      const run = async (): Promise<number> => {
        const name = `bench-${(count += 1)}`;
        const before = await serials();
        const time = await timed(() => ask(uji, name, key));
        const after = await serials();
        for (const [stack, serial] of after) if (before.get(stack) !== serial) touched.add(stack);
        return time;
      };
      const contender = {
        name: "simpul vps new, deploy, SSH by name",
        run,
        get note(): string {
          return `stacks with another state: ${[...touched].toSorted().join(", ")}`;
        },
      };
      return { about, contenders: [contender], end };
    } catch (error) {
      await end();
      throw error;
    }
  },
});

async function ask(uji: WideUji, name: string, key: string): Promise<void> {
  const size = ["--cpu", "0.5", "--memory", "256MiB", "--disk", "256MiB"];
  const words = ["--owner", OWNER, "--purpose", "Pengukuran", "--expires", "2027-12-31"];
  const file = ["--ssh-key", `${key}.pub`, "--yes"];
  await uji.simpul("vps", "new", "--name", name, ...words, ...size, ...file);
  await uji.simpul("deploy", "--yes");
  await login(`${name}.${SUBDOMAIN}`, key);
}

/** From the network of the agency's router, under the LAN's own address. */
async function login(host: string, key: string): Promise<void> {
  const images = readRoleImages(ROOT);
  if (images instanceof Fault) throw new Error(`${images.what}: ${images.fix}`);
  const options = ["StrictHostKeyChecking=accept-new", "ConnectTimeout=5", "BatchMode=yes"];
  const command = [
    ...["run", "--rm", "--network", `container:simpul-uji-router-${OWNER}`, "--cap-drop", "ALL"],
    ...["--volume", `${key}:/root/id:ro`, "--entrypoint", "ssh", images["vps-debian-12"].id],
    ...[
      "-i",
      "/root/id",
      ...options.flatMap((option) => ["-o", option]),
      `root@${host}`,
      "hostname",
    ],
  ];
  for (let tries = 1; ; tries++) {
    const said = await program("docker", command).catch((error: unknown) => {
      if (tries >= 40) throw error;
      return "";
    });
    if (said.trim() === host.split(".", 1)[0]) return;
    await setTimeout(250);
  }
}

/** Serial of each stack's state: terraform raises it with every change. */
async function serials(): Promise<ReadonlyMap<string, number>> {
  const folder = path.join(LOCAL, "state/uji");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".tfstate"));
  return new Map(
    await Promise.all(
      files.map(async (file) => {
        const text = await readFile(path.join(folder, file), "utf8");
        const { serial } = JSON.parse(text) as { readonly serial: number };
        return [path.basename(file, ".tfstate"), serial] as const;
      }),
    ),
  );
}
