import { readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import path from "node:path";

import { timed, type Contender, type Subject } from "./contender.ts";
import { memoryOf } from "./server-memory.ts";
import { WideUji } from "./wide-uji.ts";

const AGENCIES = 20;
const VPS_EACH = 5;
const COUNT = AGENCIES * VPS_EACH;
const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBIYz13iOt+dU+yObTc4ZTKnitbOOCimDbPYI9lsK/PI tik@bench";
/** Seconds after the deploy until nothing starts any more. */
const SETTLED = 60;

/** A hundred VPS of twenty agencies on one engine: how long, and how much memory each takes while nobody uses it. */
export const servers: Subject = {
  name: "servers",
  begin: async () => {
    const uji = await WideUji.begin(AGENCIES);
    const end = (): Promise<void> => uji.end();
    try {
      await makeRoom(uji);
      await uji.simpul("deploy", "--yes");
      await writeRequests(uji);
      const deploying = await timed(() => uji.simpul("deploy", "--yes"));
      await setTimeout(SETTLED * 1000);
      const [vps, gateways] = [await memoryOf("uji", "vps"), await memoryOf("uji", "gateway")];
      const each = (of: "all" | "own"): number => (vps[of] + gateways[of]) / (COUNT + FIXTURES);
      const figure = (name: string, value: number, note: string): Contender => ({
        name,
        note,
        unit: "MiB",
        run: () => value,
      });
      const contenders: readonly Contender[] = [
        { name: "simpul deploy that brings them", note: "once", run: () => deploying },
        {
          name: "simpul deploy with nothing to do",
          run: () => timed(() => uji.simpul("deploy", "--yes")),
        },
        figure("memory for each", each("all"), "all of VPS and gateways that the kernel counts"),
        figure("of that, programs' own", each("own"), "without files that stay in memory"),
        figure("a VPS alone", vps.all / (COUNT + FIXTURES), "all"),
        figure("a gateway alone", gateways.all / (AGENCIES + FIXTURES), "all; one for each agency"),
      ];
      const about = `uji with ${COUNT} VPS of ${AGENCIES} agencies more: ${await uji.size()}; idle for ${SETTLED} s`;
      return { about, contenders, end };
    } catch (error) {
      await end();
      throw error;
    }
  },
};

/** uji's own VPS, each of another agency. */
const FIXTURES = 2;

async function makeRoom(uji: WideUji): Promise<void> {
  const file = path.join(uji.inventory, "uji/kabupaten.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll("cpu: 16, memory: 32GiB", "cpu: 64, memory: 256GiB"));
}

async function writeRequests(uji: WideUji): Promise<void> {
  for (let agency = 1; agency <= AGENCIES; agency++)
    for (let number = 1; number <= VPS_EACH; number++) {
      const name = `bench-${agency}-${number}`;
      const text = `name: ${name}
owner: dinas-bench-${agency}
purpose: Pengukuran
classification: terbatas
cpu: 0.1
memory: 128MiB
disk: 128MiB
image: debian-12
ssh_keys: ["${KEY}"]
backup: { every: 24h, paths: [/srv] }
expires: 2027-12-31
`;
      await writeFile(path.join(uji.inventory, `uji/vps/${name}.yaml`), text);
    }
}
