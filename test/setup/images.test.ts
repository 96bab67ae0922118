import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import {
  baseImageTag,
  IMAGE_ROLES,
  readRoleImages,
  roleImageTag,
  isOnVpsBase,
  VPS_BASE,
  VPS_ROLES,
  type RoleImages,
} from "../../modules/engine/images.ts";
import { VPS_IMAGES } from "../../modules/inventory/schema/vps.ts";
import { runProgram } from "../../modules/engine/run-program.ts";

const SERVERS = [
  "name-server",
  "resolver",
  "edge",
  "backup-server",
  "backup-runner",
  ...VPS_ROLES,
] as const;

describe("role images", () => {
  let images: RoleImages;

  beforeAll(() => {
    const read = readRoleImages(".");
    if (read instanceof Fault) throw new Error(`${read.what}: ${read.fix}`);
    images = read;
  });

  it.each(IMAGE_ROLES)("%s has the tag of the files it is made from", async (role) => {
    const below = isOnVpsBase(role) ? images[VPS_BASE].tag : baseImageTag(".");
    const base = await docker("image", "inspect", "--format", "{{.Id}}", below);
    expect(images[role].tag).toBe(roleImageTag(".", role, base.trim()));
  });

  it.each(IMAGE_ROLES)("%s starts our entrypoint under tini", async (role) => {
    const format = "{{json .Config.Entrypoint}}";
    const entrypoint = await docker("image", "inspect", "--format", format, images[role].id);
    expect(JSON.parse(entrypoint)).toEqual(["tini", "--", "/usr/local/bin/simpul-entrypoint"]);
  });

  it.each(SERVERS)("%s carries sh, find and mount", async (role) => {
    await inImage(images[role].id, "command -v sh && command -v find && command -v mount");
  });

  it("router carries ping, fping, nft and BIRD, which need no capability but NET_ADMIN", async () => {
    await inImage(
      images.router.id,
      "command -v ping && command -v fping && command -v nft && bird --version && ! getcap /usr/bin/*ping | grep .",
    );
  });

  it.each(VPS_ROLES)(
    "%s has no host key of its own, and nothing to lose beside its volume",
    async (role) => {
      await inImage(
        images[role].id,
        '! ls /etc/ssh/ssh_host_* && [ -z "$(find /data -type f)" ] && [ $(readlink /srv) = /data/srv ] && [ $(readlink /home) = /data/home ]',
      );
    },
  );

  it.each([...VPS_ROLES, ...VPS_IMAGES.map((name) => `vps-${name}`)])(
    "%s is both built and to be asked for",
    (role) => {
      expect(VPS_ROLES).toContain(role);
      expect(VPS_IMAGES.map((name) => `vps-${name}`)).toContain(role);
    },
  );

  it("packages of a VPS start none of their programs by themselves", async () => {
    for (const role of VPS_ROLES)
      await inImage(images[role].id, "/usr/sbin/policy-rc.d; [ $? = 101 ]");
  });

  it.each(IMAGE_ROLES)("%s keeps no package lists, archives or logs", async (role) => {
    const left = await inImage(
      images[role].id,
      "find /var/lib/apt/lists /var/cache/apt /var/log -type f -size +0",
    );
    // btmp and the like are empty files that packages own.
    expect(left.trim()).toBe("");
  });
});

describe("readRoleImages", () => {
  it("says what to run where nothing is built", () => {
    const folder = mkdtempSync(join(tmpdir(), "simpul-images-"));
    expect(readRoleImages(folder)).toMatchObject({ fix: "run simpul setup" });
  });
});

async function docker(...args: string[]): Promise<string> {
  const { ok, output } = await runProgram("docker", args, 30_000);
  if (!ok) throw new Error(`docker ${args.join(" ")} failed`);
  return output;
}

function inImage(image: string, script: string): Promise<string> {
  return docker("run", "--rm", "--network", "none", "--entrypoint", "sh", image, "-c", script);
}
