import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { IMAGE_ROLES } from "../../modules/engine/images.ts";
import type { Lock } from "../../modules/inventory/model.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { prepareDnsSecrets } from "../../stacks/dns-secrets.ts";
import { synthesise } from "../../stacks/synthesise.ts";
import { buildInventory, type Shape } from "../plan/inventory-builder.ts";

const NO_ANCHORS: Lock = { entries: new Map() };
const SMALL: Shape = {
  pops: 2,
  lans: [
    { length: 24, pop: 0 },
    { length: 25, pop: 1 },
  ],
  vps: [0],
};
const LARGER: Shape = {
  ...SMALL,
  lans: [...SMALL.lans, { length: 26, pop: 1 }],
  vps: [0, 2],
};

describe("synthesise", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "simpul-synth-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const containers = async (plan: KabupatenPlan): Promise<ReadonlyMap<string, Container>> => {
    const dns = prepareDnsSecrets(plan.dns, NO_ANCHORS, path.join(folder, "secrets"));
    if (dns instanceof Fault) throw new Error(dns.what);
    const options = { images: IMAGES, states: path.join(folder, "states"), dns, simpul: "/simpul" };
    const stacks = synthesise(plan, options, path.join(folder, "out"));
    const texts = await Promise.all(
      stacks.map(({ directory }) => readFile(path.join(directory, "cdk.tf.json"), "utf8")),
    );
    return new Map(
      texts
        .flatMap((text) =>
          Object.values((JSON.parse(text) as Synthesised).resource.docker_container),
        )
        .map((container) => [container.name, container]),
    );
  };

  it("changes no definition but the carriers' when an agency with a VPS comes", async () => {
    const before = planned(SMALL);
    const after = planned(LARGER, lockOf(before));
    const [old, now] = [await containers(before), await containers(after)];
    const added = [...now.keys()].filter((name) => !old.has(name));
    expect(added.toSorted()).toEqual([
      "simpul-uji-config-vps-1",
      "simpul-uji-gateway-agency-2",
      "simpul-uji-router-agency-2",
      "simpul-uji-vps-vps-1",
    ]);
    for (const [name, container] of old) {
      if (name.startsWith("simpul-uji-config-")) continue;
      expect(definition(now.get(name)!)).toEqual(definition(container));
    }
  });

  it("gives no container more than it needs", async () => {
    for (const container of (await containers(planned(SMALL))).values()) {
      expect(container.privileged ?? false).toBe(false);
      expect(container.capabilities?.drop, container.name).toEqual(["ALL"]);
      expect(container.ports, container.name).toBeUndefined();
      expect(container.log_driver).toBe("json-file");
    }
  });

  it("gives each server resolvers of the plan, for Docker's own choice is the host's", async () => {
    const servers = [...(await containers(planned(SMALL))).values()].filter(
      ({ network_mode }) => network_mode !== "none",
    );
    expect(servers.length).toBeGreaterThan(5);
    for (const { name, dns } of servers) expect(dns?.length, name).toBeGreaterThan(0);
  });

  it("starts a VPS from what its root cannot change", async () => {
    const vps = (await containers(planned(SMALL))).get("simpul-uji-vps-vps-0")!;
    const [program, , script] = vps.entrypoint ?? [];
    const readOnly = vps.volumes?.filter(({ read_only }) => read_only === true) ?? [];
    const folders = readOnly.map(({ container_path }) => `${container_path}/`);
    for (const file of [program, script])
      expect(folders.some((folder) => file?.startsWith(folder))).toBe(true);
  });

  it("names no secret anywhere in what terraform sees", async () => {
    const plan = planned(SMALL);
    const text = JSON.stringify([...(await containers(plan)).values()]);
    const tsig = await readFile(path.join(folder, "secrets/dns/tsig"), "utf8");
    expect(text).not.toContain(tsig.trim());
    expect(text).not.toContain("PRIVATE KEY");
  });
});

/** Without what only orders the work: comments and dependencies. */
function definition(container: Container): object {
  return { ...container, "//": undefined, depends_on: undefined };
}

interface Container {
  readonly name: string;
  readonly privileged?: boolean;
  readonly capabilities?: { readonly drop: readonly string[] };
  readonly ports?: unknown;
  readonly network_mode?: string;
  readonly dns?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly volumes?: readonly { readonly container_path: string; readonly read_only?: boolean }[];
  readonly log_driver: string;
}

interface Synthesised {
  readonly resource: { readonly docker_container: Readonly<Record<string, Container>> };
}

const IMAGES = new Map(IMAGE_ROLES.map((name) => [name, `sha256:${name}`]));

function planned(shape: Shape, lock?: Lock): KabupatenPlan {
  const { plan, findings } = makePlan(buildInventory(shape, lock));
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return plan;
}

function lockOf(plan: KabupatenPlan): Lock {
  const at = { file: "lock", line: 1, column: 1 };
  return { entries: new Map([...lockEntries(plan)].map(([key, value]) => [key, { value, at }])) };
}
