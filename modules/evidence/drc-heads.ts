import { LABEL } from "../plan/engine-names.ts";
import { answerOf, type Engine } from "../engine/docker-engine.ts";
import type { Anchor } from "./check-chain.ts";
import { parseHead } from "./head.ts";

/** Where the DRC keeps heads, and what is needed to get there. */
export interface DrcPlace {
  readonly kabupaten: string;
  /** Of the DRC. */
  readonly engine: Engine;
  /** Id of an image with a shell: `backup-proof`. */
  readonly image: string;
}

/** A head at the DRC, as its file is called. */
export interface KeptHead extends Anchor {
  readonly writer: string;
  /** `4f2a9c1e77b0.000000000017.<SHA-256 of its last line>` */
  readonly name: string;
}

const HEAD_NAME = /^([0-9a-f]{12})\.(\d{12})\.([0-9a-f]{64})$/;
const FOLDER = "/heads";

/** Under its own label: it outlives a kabupaten that is destroyed, and no plan counts it. */
export function headsVolume(kabupaten: string): string {
  return `simpul-evidence-heads-${kabupaten}`;
}

/**
 * Heads at the DRC, each a file on a volume there. They are added and read; nothing here changes or removes one.
 * @throws {EngineRefusal} when the engine does not do what is asked
 */
export class DrcHeads {
  constructor(private readonly place: DrcPlace) {}

  /** All of them, of each writer in the order of its lines. */
  async list(): Promise<readonly KeptHead[]> {
    const said = await this.#run(["ls", "-1", FOLDER]);
    return said.split("\n").flatMap((name) => {
      const [, writer, sequence, hash] = HEAD_NAME.exec(name) ?? [];
      if (writer === undefined || hash === undefined) return [];
      return [{ name, writer, sequence: Number(sequence), hash }];
    });
  }

  /** The text of a head, with its signature. */
  read({ name }: KeptHead): Promise<string> {
    return this.#run(["cat", `${FOLDER}/${name}`]);
  }

  /**
   * Adds a head; one that is there stays as it is. Whole or not at all, whatever ends it.
   * @returns whether it is new there
   */
  async add(text: string): Promise<boolean> {
    const name = headName(text);
    if (name === undefined) throw new Error("only a head is kept at the DRC");
    return (await this.#run(["sh", "-ec", ADD, "add", FOLDER, name], text)).trim() === "added";
  }

  /** In a container of its own for a moment, without a network, a right or anything but that volume. */
  async #run([program = "", ...words]: readonly string[], text?: string): Promise<string> {
    const { kabupaten, engine, image } = this.place;
    const volume = headsVolume(kabupaten);
    const label = `${LABEL}.evidence=${kabupaten}`;
    await answerOf(engine, ["docker", "volume", "create", "--label", label, volume]);
    const argv = [
      ...["docker", "run", "--rm", "--interactive", "--network", "none", "--read-only"],
      ...["--label", `${LABEL}.scratch=${kabupaten}/evidence`, "--log-driver", "none"],
      ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "64m"],
      ...["--volume", `${volume}:${FOLDER}`, "--entrypoint", program, image, ...words],
    ];
    return answerOf(engine, argv, text === undefined ? undefined : Buffer.from(text));
  }
}

/** What a head is called at the DRC; undefined where the text is none. */
export function headName(text: string): string | undefined {
  const head = parseHead(text);
  if (head === undefined) return undefined;
  const name = `${head.writer}.${String(head.sequence).padStart(12, "0")}.${head.hash}`;
  return HEAD_NAME.test(name) ? name : undefined;
}

// A link is made or not, and never over another file.
const ADD = `
draft=$(mktemp "$1/.draft.XXXXXX")
trap 'rm -f "$draft"' EXIT
cat >"$draft"
sync "$draft"
if ln -T "$draft" "$1/$2" 2>/dev/null; then sync "$1"; echo added; else test -e "$1/$2"; fi
`;
