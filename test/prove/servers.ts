import { KABUPATEN } from "../twin/kabupaten-lab.ts";
import type { ProveLab } from "./prove-lab.ts";

/** A VPS at work: its container, and a word on its disk that nobody but us wrote. */
export interface MarkedServer {
  readonly container: string;
  readonly id: string;
  readonly word: string;
}

const MARK = "/data/srv/simpul-prove";

/** Writes a word onto the disk of every VPS and remembers which container it is. */
export async function markServers(lab: ProveLab, word: string): Promise<readonly MarkedServer[]> {
  const { vps } = await lab.kabupaten.plan();
  return Promise.all(
    vps.map(async ({ name }) => {
      const container = `simpul-${KABUPATEN}-vps-${name}`;
      await lab.docker("exec", container, "sh", "-c", `echo ${word} >${MARK} && sync`);
      return { container, id: await idOf(lab, container), word };
    }),
  );
}

/** Servers that are another container than before, or whose disk has lost the word. */
export async function changedServers(
  lab: ProveLab,
  servers: readonly MarkedServer[],
): Promise<{ readonly made: readonly string[]; readonly lost: readonly string[] }> {
  const looked = await Promise.all(
    servers.map(async ({ container, id, word }) => {
      const read = await lab.docker("exec", container, "cat", MARK).catch(() => "");
      const now = await idOf(lab, container).catch(() => "");
      return { container, other: now !== id, lost: read.trim() !== word };
    }),
  );
  return {
    made: looked.filter(({ other }) => other).map(({ container }) => container),
    lost: looked.filter(({ lost }) => lost).map(({ container }) => container),
  };
}

async function idOf(lab: ProveLab, container: string): Promise<string> {
  return (await lab.docker("inspect", "--format", "{{.Id}}", container)).trim();
}
