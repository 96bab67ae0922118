import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { ContainerCondition, LiveState } from "../../../modules/render/diagram/live-state.ts";
import type { Subject } from "../../../modules/render/diagram/subject.ts";
import { serversOnEngines } from "../../../modules/plan/colocation-plan.ts";
import { engineName } from "../../../modules/plan/engine-names.ts";
import type { RouterPlan } from "../../../modules/plan/router-plan.ts";
import { prepare } from "../../../stacks/prepare.ts";

export const ROOT = path.resolve(import.meta.dirname, "../../..");

/** Plan and inventory of a real kabupaten, or of `uji`. */
export async function subjectOf(kabupaten: string): Promise<Subject> {
  const folder = kabupaten === "uji" ? "test/fixtures/inventory" : "inventory";
  const prepared = await prepare({ kabupaten, inventory: path.join(ROOT, folder) });
  return { plan: prepared.plan!, inventory: prepared.inventory! };
}

/** Everything runs and every session is up, but for what `change` says. */
export function liveOf(
  { plan }: Subject,
  change: {
    readonly containers?: Readonly<Record<string, ContainerCondition | "absent">>;
    readonly down?: (session: LiveState["sessions"][number]) => boolean;
  } = {},
): LiveState {
  const named = (role: Parameters<typeof engineName>[0]["role"], name: string): string =>
    engineName({ kabupaten: plan.name, role, name });
  const { primary, secondaries, resolvers } = plan.dns;
  const names = [
    ...plan.routers
      .filter(({ kind }) => kind === "container")
      .map(({ role, name }) => named(role, name)),
    ...[primary, ...secondaries].map(({ name }) => named("name-server", name)),
    ...resolvers.map(({ name }) => named("resolver", name)),
    ...serversOnEngines(plan).map(({ role, name }) => named(role, name)),
  ];
  const containers = new Map<string, ContainerCondition>(names.map((name) => [name, "running"]));
  for (const [name, condition] of Object.entries(change.containers ?? {}))
    if (condition === "absent") containers.delete(name);
    else containers.set(name, condition);
  return {
    observedAt: "2026-03-01 10:15 WIB",
    containers,
    sessions: plan.routers.flatMap((lower) =>
      [
        ...lower.uplinks,
        ...lower.hubs.flatMap(({ beside }) => beside.filter(({ dialled }) => dialled)),
      ].flatMap((uplink) =>
        ([4, 6] as const).map((family) => {
          const session = {
            lower: named(lower.role, lower.name),
            upper: named("router", uplink.router),
            segment: uplink.segment,
            family,
            up: true,
          };
          return { ...session, up: change.down?.(session) !== true };
        }),
      ),
    ),
  };
}

/** The same plan with its lists turned round. */
export function reversed(subject: Subject): Subject {
  const { plan, inventory, live } = subject;
  return {
    plan: {
      ...plan,
      segments: plan.segments.toReversed(),
      routers: plan.routers.toReversed(),
      vps: plan.vps.toReversed(),
      colocation: plan.colocation.toReversed(),
    },
    inventory: {
      ...inventory,
      wan: { ...inventory.wan, pops: inventory.wan.pops.toReversed() },
      desa: inventory.desa.toReversed(),
      vps: inventory.vps.toReversed(),
      perangkatDaerah: inventory.perangkatDaerah.toReversed(),
    },
    ...(live !== undefined && {
      live: {
        ...live,
        sessions: live.sessions.toReversed(),
        containers: new Map([...live.containers].toReversed()),
      },
    }),
  };
}

/** Text that tries everything at once. */
export const HOSTILE = `</td>&amp; "x" \\N ]]> <script>alert('1')</script> \u202Egnp 😀👩‍👩‍👧 \uD800 ${"W".repeat(60)}`;

export function withTitles(subject: Subject, title: string): Subject {
  const titled = ({ name }: Pick<RouterPlan, "name">): string => `${title} ${name}`;
  const { plan, inventory } = subject;
  return {
    ...subject,
    plan: {
      ...plan,
      title,
      routers: plan.routers.map((router) => ({ ...router, title: titled(router) })),
    },
    inventory: {
      ...inventory,
      perangkatDaerah: inventory.perangkatDaerah.map((agency) => ({
        ...agency,
        title,
        contacts: { tier1: [{ name: title, email: "a@b.go.id", phone: title }], tier2: [] },
      })),
      vps: inventory.vps.map((vps) => ({ ...vps, purpose: title })),
    },
  };
}

/** The first thing that makes a text no well-formed XML (XML 1.0 sections 2.2, 2.4 and 3.1), or undefined. */
export function xmlFault(text: string): string | undefined {
  const open: string[] = [];
  const body = text.replace(/^<\?xml[^?]*\?>\s*/, "");
  const strange = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(body);
  if (strange !== null) return `a character ${strange[0].codePointAt(0)!.toString(16)}`;
  const tokens = /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+|</g;
  for (const [token, closing, name, attributes, empty] of body.matchAll(tokens)) {
    if (token === "<") return `a stray < after ${open.join("/")}`;
    const words = name === undefined ? token : attributes!;
    if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(words))
      return `a stray & in ${words}`;
    if (words.includes("]]>")) return "]]> in text";
    if (name === undefined || empty === "/") continue;
    if (closing === "") open.push(name);
    else if (open.pop() !== name) return `</${name}> closes another element`;
  }
  return open.length === 0 ? undefined : `${open.join("/")} is not closed`;
}

interface Rectangle {
  readonly title: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The outlines of all boxes of a picture, without the panels and the bars that reach below others. */
export function boxesOf(svg: string): readonly Rectangle[] {
  const nodes = svg.matchAll(/<g class="node">\n<title>([^<]*)<\/title>([^]*?)<\/g>/g);
  return Array.from(nodes, ([, title, drawn]) => {
    const points = Array.from(drawn!.matchAll(/points="([^"]*)"/g), ([, list]) =>
      list!
        .trim()
        .split(/\s+/)
        .map((pair) => pair.split(",").map(Number) as [number, number]),
    ).flat();
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    return {
      title: title!,
      left: Math.min(...xs),
      right: Math.max(...xs),
      top: Math.min(...ys),
      bottom: Math.max(...ys),
    };
  }).filter(({ left, title }) => Number.isFinite(left) && !title.startsWith("site "));
}

/** Pairs of boxes that cover each other by more than a border. */
export function overlaps(svg: string): readonly string[] {
  const boxes = boxesOf(svg);
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (b) =>
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1,
      )
      .map((b) => `${a.title} | ${b.title}`),
  );
}

/** A kabupaten as wide as can be: two backbone segments, one by radio, and two core routers at each site. */
export async function wideSubject(): Promise<Subject> {
  const folder = await mkdtemp(path.join(tmpdir(), "simpul-diagram-"));
  try {
    await cp(path.join(ROOT, "inventory"), folder, { recursive: true });
    const topology = path.join(folder, "temanggung/wan/topology.yaml");
    const text = await readFile(topology, "utf8");
    const segments = "segments: [backbone-a, backbone-b]";
    const cores = ["pusat-data", "pusat-data-2", "drc", "drc-2"].map(
      (name) => `  core-${name}: { site: ${name.replace("-2", "")}, ${segments} }\n`,
    );
    const wide = text
      .replace(
        /segments:\n[^]*?pops:\n/,
        `segments:\n  backbone-a: { medium: fiber }\n  backbone-b: { medium: radio }\ncores:\n${cores.join("")}pops:\n`,
      )
      .replaceAll(/segments: \[backbone-a[^\]]*\]/g, segments);
    await writeFile(topology, wide);
    const prepared = await prepare({ kabupaten: "temanggung", inventory: folder });
    return { plan: prepared.plan!, inventory: prepared.inventory! };
  } finally {
    await rm(folder, { recursive: true });
  }
}
