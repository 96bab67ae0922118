import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { type DnsKeys, dnsSecretFiles, ensureDnsKeys } from "../../modules/engine/dns-keys.ts";
import { imageOf } from "../render/router-carrier.ts";

const ZONES = ["ujikab.go.id.", "intra.ujikab.go.id.", "210.10.in-addr.arpa."];

let directory: string;
beforeEach(() => {
  directory = path.join(mkdtempSync(path.join(tmpdir(), "simpul-keys-")), "dns");
});
afterEach(() => rmSync(path.dirname(directory), { recursive: true, force: true }));

function keys(zones: readonly string[] = ZONES): DnsKeys {
  const made = ensureDnsKeys({ directory, zones });
  if (made instanceof Fault) throw new Error(made.what);
  return made;
}

describe("ensureDnsKeys", () => {
  it("makes keys once, and reads them ever after", () => {
    const first = keys();
    expect(keys()).toEqual(first);
    expect(new Set(first.zones.map(({ pem }) => pem)).size).toBe(ZONES.length);
    expect(keys([...ZONES, "baru.go.id."]).zones.slice(0, ZONES.length)).toEqual(first.zones);
  });

  it("shows them to nobody else", () => {
    keys();
    const entries = readdirSync(directory, { recursive: true, encoding: "utf8" });
    expect(entries.toSorted()).toEqual([
      "ksk",
      "ksk/210.10.in-addr.arpa.pem",
      "ksk/intra.ujikab.go.id.pem",
      "ksk/ujikab.go.id.pem",
      "tsig",
    ]);
    for (const entry of entries)
      expect(statSync(path.join(directory, entry)).mode & 0o777).toBe(
        entry === "ksk" ? 0o700 : 0o600,
      );
  });

  it.each([
    ["cut short", (text: string) => text.slice(0, 40)],
    ["empty", () => ""],
    ["of another kind", () => "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"],
  ])("leaves a key that is %s as it is, and says so", (_, damage) => {
    keys();
    for (const name of ["tsig", "ksk/ujikab.go.id.pem"]) {
      const file = path.join(directory, name);
      const whole = readFileSync(file, "utf8");
      writeFileSync(file, damage(whole));
      const made = ensureDnsKeys({ directory, zones: ZONES });
      expect(made).toBeInstanceOf(Fault);
      expect(made).toMatchObject({ what: `${file} is not a key that simpul made` });
      expect(readFileSync(file, "utf8")).toBe(damage(whole));
      writeFileSync(file, whole);
    }
  });

  it("refuses a key that others may read", () => {
    keys();
    const file = path.join(directory, "tsig");
    chmodSync(file, 0o644);
    expect(ensureDnsKeys({ directory, zones: ZONES })).toMatchObject({
      what: `${file} holds secrets and is open to others (mode 644)`,
    });
  });

  it("gives all that make them at once the same", async () => {
    const script = `
      const { parentPort, workerData } = require("node:worker_threads");
      require(workerData.tsx);
      const { ensureDnsKeys } = require(workerData.module);
      parentPort.postMessage(ensureDnsKeys(workerData));`;
    const module = path.resolve(import.meta.dirname, "../../modules/engine/dns-keys.ts");
    const tsx = createRequire(import.meta.url).resolve("tsx/cjs");
    const workerData = { directory, zones: ZONES, module, tsx };
    const made = await Promise.all(
      Array.from(
        { length: 4 },
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(script, { eval: true, workerData });
            worker.once("message", resolve).once("error", reject);
          }),
      ),
    );
    for (const each of made) expect(each).toEqual(keys());
  });
});

describe("the keys as Knot sees them", { timeout: 60_000 }, () => {
  it("have the tag, the DNSKEY and the DS that simpul computed", () => {
    const made = keys();
    for (const { zone, pem, dnskey, anchor } of made.zones) {
      const { keyTag, algorithm, digestType, digest } = anchor;
      const said = inKnot(
        `cat >key.pem && keymgr -D . ${zone} import-pem key.pem ksk=yes zsk=yes algorithm=13 &&
         keymgr -D . ${zone} dnskey ${keyTag} && keymgr -D . ${zone} ds ${keyTag}`,
        pem,
      );
      expect(said).toContain(`${zone} DNSKEY ${dnskey}\n`);
      expect(said).toContain(`${zone} DS ${keyTag} ${algorithm} ${digestType} ${digest}\n`);
    }
  });

  it("travel as files that Knot includes", () => {
    const made = keys();
    const [tsig, ...signing] = dnsSecretFiles(made, "primary");
    expect(inKnot("cat >tsig.conf && knotc -c tsig.conf conf-check", tsig!.text)).toContain(
      "valid",
    );
    expect(signing.map(({ path: file }) => file)).toEqual(
      made.zones.map(({ zone, anchor }) => `ksk/${zone}${anchor.keyTag}.pem`),
    );
    expect(dnsSecretFiles(made, "secondary")).toEqual([tsig]);
  });
});

function inKnot(script: string, input: string): string {
  const container = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "bash"];
  const { status, stdout, stderr } = spawnSync(
    "docker",
    [...container, imageOf("name-server"), "-c", `cd /tmp && ${script}`],
    { input, encoding: "utf8", timeout: 60_000 },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
