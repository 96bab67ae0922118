import { alarmsIn } from "../alarms.ts";
import { BackupGround, SERVERS } from "../backup-ground.ts";
import { spread, type Campaign } from "../campaign.ts";

/** Proofs of what is whole, while backups and copies go on: not one word of alarm. */
export const cleanProofs: Campaign = {
  name: "clean-proofs",
  description:
    "backups taken and copied, and everything proven each time: any finding is a false alarm",
  rounds: 20,
  async run({ lab, rounds, random, say }) {
    const failures: string[] = [];
    const seconds: number[] = [];
    const ground = await BackupGround.begin(lab);
    let proven = 0;
    for (let round = 1; round <= rounds; round++) {
      // The copier brings it to the DRC while it is being proven, or a little later.
      await ground.backUp(SERVERS[round % SERVERS.length]!, 4 + Math.floor(random() * 3));
      const began = performance.now();
      const said = await ground.verify();
      seconds.push((performance.now() - began) / 1000);
      const alarms = alarmsIn(said);
      proven += alarms.length === 0 ? ground.repositories.length : 0;
      failures.push(...alarms.map((what) => `round ${round}: ${what}`));
      say(
        `${round} of ${rounds}: ${seconds.at(-1)!.toFixed(1)} s; ${alarms.length === 0 ? "no alarm" : alarms.join("; ")}`,
      );
    }
    return { rounds, failures, figures: { proofs: proven, ...spread("verified", seconds) } };
  },
};
