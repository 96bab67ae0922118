import path from "node:path";

import { readProofRecord, type ProofRecord } from "../../modules/engine/proof-record.ts";
import { readSnapshots, type ResticSnapshot } from "../../modules/engine/restic-snapshots.ts";
import type { SiteName } from "../../modules/inventory/site-model.ts";
import { repositoryVolume } from "../../modules/plan/backed-up.ts";
import { LOCAL, proofsFolder } from "../../stacks/prepare.ts";
import { KABUPATEN } from "../twin/kabupaten-lab.ts";
import type { ProveLab } from "./prove-lab.ts";

/** Where simpul writes down what it has proven. */
const PROOFS = proofsFolder(KABUPATEN);

export const SITES = ["pusat-data", "drc"] as const;

/** One repository past its server and past everything that is under test: by restic on its volume. */
export class Repository {
  constructor(
    private readonly lab: ProveLab,
    /** Id of the image `backup-runner`. */
    private readonly image: string,
    readonly name: string,
    readonly site: SiteName,
  ) {}

  /** All its snapshots, oldest first. */
  async snapshots(): Promise<readonly ResticSnapshot[]> {
    const said = await this.run("restic --no-cache --no-lock --json snapshots");
    const snapshots = readSnapshots(said);
    if (snapshots === undefined) throw new Error(`no list of snapshots: ${said.slice(0, 200)}`);
    return snapshots;
  }

  /** What restic itself finds wrong with it, all data read; nothing where it is whole. */
  async damage(): Promise<string | undefined> {
    const line = "restic --no-cache --no-lock check --read-data 2>&1 || echo FAILED";
    const said = await this.run(line);
    return said.includes("FAILED") ? said.trim().split("\n").slice(-3).join(" / ") : undefined;
  }

  /** A pack that a snapshot needs. */
  async pack(): Promise<string> {
    const all =
      'for id in $(restic --no-cache --no-lock list index); do restic --no-cache --no-lock cat index "$id" | jq -r ".packs[].id"; done';
    const ids = (await this.run(all)).trim().split("\n").toSorted();
    return `/repository/data/${ids[0]!.slice(0, 2)}/${ids[0]}`;
  }

  /** Turns bits of one byte round, done twice it is as before; the file's time stays what it was. */
  async turnByte(pack: string): Promise<void> {
    await this.run(
      `touch -r ${pack} /tmp/time
       perl -e 'open my $f, "+<", shift or die; seek $f, 40, 0; read $f, my $b, 1; seek $f, 40, 0; print $f chr(ord($b) ^ 0x55)' ${pack}
       touch -r /tmp/time ${pack}`,
      "rw",
    );
  }

  /** What simpul has written down of its proofs. */
  record(): Promise<ProofRecord | undefined> {
    return readProofRecord(path.join(PROOFS, this.site, `${this.name}.json`));
  }

  private run(line: string, mode: "ro" | "rw" = "ro"): Promise<string> {
    const file = this.site === "drc" ? "drc-password" : "password";
    const password = path.join(LOCAL, "secrets", KABUPATEN, "backup", this.name, file);
    const volume = repositoryVolume(KABUPATEN, this.name, this.site);
    return this.lab.docker(
      ...["run", "--rm", "--network", "none", "--volume", `${volume}:/repository:${mode}`],
      ...["--volume", `${password}:/password:ro`, "--env", "RESTIC_PASSWORD_FILE=/password"],
      ...["--env", "RESTIC_REPOSITORY=/repository", "--entrypoint", "bash", this.image],
      ...["-euc", line],
    );
  }
}

/** The id that a snapshot has at the Pusat Data, of itself or of its copy. */
export function firstId({ id, original }: Pick<ResticSnapshot, "id" | "original">): string {
  return original ?? id;
}
