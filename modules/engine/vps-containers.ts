import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { VpsPlan } from "../plan/vps-plan.ts";
import { answerOf, type Engine } from "./docker-engine.ts";

/** A VPS as it stands on its engine, beside what its file asks for. */
export interface VpsOnEngine {
  readonly vps: VpsPlan;
  readonly container: string;
  /** `absent` where it is not deployed yet; else as the engine says: `running`, `exited`. */
  readonly state: string;
  /** When it was last started (RFC 3339); undefined where it never ran. */
  readonly startedAt?: string;
  /**
   * What it was made of: `current` is what a rebuild would take, `older` a former image of the same name, `other` an image
   * that its file does not name any more.
   */
  readonly image: "current" | "older" | "other" | "unknown";
}

interface Inspected {
  readonly Name: string;
  readonly Image: string;
  readonly State: { readonly Status: string; readonly StartedAt: string };
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
}

/**
 * Every VPS of the plan with its container.
 * @param images ids of the present images, by role: `vps-debian-12`
 */
export async function vpsOnEngine(
  engine: Engine,
  plan: KabupatenPlan,
  images: ReadonlyMap<string, string>,
): Promise<readonly VpsOnEngine[]> {
  const filter = [`label=id.go.simpul.kabupaten=${plan.name}`, "label=id.go.simpul.role=vps"];
  const list = ["docker", "ps", "--all", "--quiet", "--no-trunc"];
  const ids = await answerOf(engine, [...list, ...filter.flatMap((one) => ["--filter", one])]);
  const found = await inspectAll(engine, ids.split("\n").filter(Boolean));
  const names = await imageNames(engine, [...new Set(found.map(({ Image }) => Image))]);
  return plan.vps.map((vps) => {
    const container = vpsContainerName(plan, vps.name);
    const one = found.find(({ Name }) => Name === `/${container}`);
    if (one === undefined) return { vps, container, state: "absent", image: "unknown" };
    const neverRan = one.State.StartedAt.startsWith("0001-");
    return {
      vps,
      container,
      state: one.State.Status,
      ...(!neverRan && { startedAt: one.State.StartedAt }),
      image: judgeImage(vps, one.Image, names.get(one.Image), images),
    };
  });
}

/** `simpul-temanggung-vps-ppdb-online`. */
export function vpsContainerName({ name: kabupaten }: KabupatenPlan, name: string): string {
  return engineName({ kabupaten, role: "vps", name });
}

function judgeImage(
  vps: VpsPlan,
  id: string,
  role: string | undefined,
  images: ReadonlyMap<string, string>,
): VpsOnEngine["image"] {
  const wanted = `vps-${vps.image}`;
  if (images.get(wanted) === id) return "current";
  if (role === undefined) return "unknown";
  return role === wanted ? "older" : "other";
}

async function inspectAll(engine: Engine, ids: readonly string[]): Promise<readonly Inspected[]> {
  if (ids.length === 0) return [];
  const answer = await answerOf(engine, ["docker", "container", "inspect", ...ids]);
  return JSON.parse(answer) as readonly Inspected[];
}

/** Roles of images by their ids, as their tags say: `vps-debian-12`. An image that lost its tag has none. */
async function imageNames(
  engine: Engine,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const answer = await answerOf(engine, ["docker", "image", "inspect", ...ids]);
  const images = JSON.parse(answer) as readonly {
    readonly Id: string;
    readonly RepoTags: readonly string[] | null;
  }[];
  return new Map(
    images.flatMap(({ Id, RepoTags }) => {
      const role = /^simpul\/([a-z0-9-]+):/.exec(RepoTags?.[0] ?? "")?.[1];
      return role === undefined ? [] : [[Id, role] as const];
    }),
  );
}
