import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { type DnsKeys, dnsSecretFiles, ensureDnsKeys } from "../../modules/engine/dns-keys.ts";
import type { DnsPlan, RecordPlan } from "../../modules/plan/dns-plan.ts";
import { nameServerFiles, resolverFiles } from "../../modules/render/dns-files.ts";
import {
  dnsPlan,
  INTERNAL,
  NS1,
  NS2,
  PRIMARY,
  PUBLIC,
  record,
  RESOLVER,
  REVERSE4,
  REVERSE6,
  zone,
} from "../render/dns-fixture.ts";
import { buildDnsLab, type DnsLab, until } from "./dns-lab.ts";

const NEW_ZONE = "dindikuji.go.id.";

let lab: DnsLab;
let secrets: string;
let keys: DnsKeys;
/** Names below `semua` are all there: no cache knows the next one. */
const extra: RecordPlan[] = [record(`*.semua.${PUBLIC}`, "A", "10.210.128.54")];

beforeAll(async () => {
  secrets = mkdtempSync(path.join(tmpdir(), "simpul-dns-"));
  const zones = [...dnsPlan(extra).zones.map(({ name }) => name), NEW_ZONE];
  const made = ensureDnsKeys({ directory: path.join(secrets, "dns"), zones });
  if (made instanceof Fault) throw new Error(made.what);
  keys = made;
  lab = await buildDnsLab();
  // The secondaries first: nobody promises the order in which containers of a stack come up.
  for (const server of [NS1, NS2, PRIMARY]) await entrust(server === PRIMARY, server);
  await deliver(dnsPlan(extra));
  await said(lab.deliver("resolver", resolverFiles(dnsPlan(), anchors())));
  await lab.start("name-server", NS1);
  await lab.start("name-server", NS2);
  await lab.start("name-server", PRIMARY);
  await lab.start("resolver", RESOLVER);
}, 120_000);

afterAll(async () => {
  await lab?.remove();
  rmSync(secrets, { recursive: true, force: true });
}, 120_000);

describe("the name service", () => {
  it("brings every zone to every secondary", async () => {
    for (const server of [NS1, NS2])
      for (const { name } of dnsPlan().zones)
        await until(
          `${server.name} serves ${name}`,
          async () =>
            (await lab.ask("client", server, name, "SOA")).includes("flags: qr aa") ||
            (await lab.ask("client", server, name, "SOA")).includes("Flags: qr aa"),
        );
  });

  it("answers through the resolver what the chain of trust proves", async () => {
    for (const [name, type] of [
      [`www.${PUBLIC}`, "A"],
      [`router.${INTERNAL}`, "AAAA"],
      [`50.128.${REVERSE4}`, "PTR"],
    ] as const) {
      await until(`${name} is answered`, async () =>
        (await resolve(name, type)).includes("NOERROR"),
      );
      const answer = await resolve(name, type, "+dnssec");
      expect(answer).toMatch(/Flags: qr[a-z ]* ad[; ]/);
      expect(answer).toContain("ANSWER: 2");
    }
    const missing = await resolve(`nobody.${PUBLIC}`, "A", "+dnssec");
    expect(missing).toContain("NXDOMAIN");
    expect(missing).toMatch(/Flags: qr[a-z ]* ad[; ]/);
  });

  it("signs with the key of the trust anchor and no other", async () => {
    for (const { zone: name, dnskey } of keys.zones.filter(({ zone: each }) => each !== NEW_ZONE)) {
      const answer = await lab.ask("client", NS1, name, "DNSKEY", "+short");
      expect(answer).toBe(`${dnskey}\n`);
    }
  });

  it("denies with NSEC3 as RFC 9276 wants it", async () => {
    expect(await lab.ask("client", NS1, PUBLIC, "NSEC3PARAM", "+short")).toBe("1 0 0 -\n");
  });

  it("gives a stranger public names and nothing else", async () => {
    const status = async (server: typeof NS1, ...question: string[]): Promise<string> =>
      /status: (\w+)/.exec(await lab.ask("stranger", server, ...question))?.[1] ?? "no answer";
    expect(await status(NS1, `www.${PUBLIC}`, "A")).toBe("NOERROR");
    // Knot's query ACL says NOTAUTH.
    expect(await status(NS1, `router.${INTERNAL}`, "AAAA")).toBe("NOTAUTH");
    expect(await status(NS1, `50.128.${REVERSE4}`, "PTR")).toBe("NOTAUTH");
    expect(await status(NS1, REVERSE6, "SOA")).toBe("NOTAUTH");
    expect(await status(NS1, "catalog.invalid", "SOA")).toBe("REFUSED");
    expect(await status(PRIMARY, `www.${PUBLIC}`, "A")).toBe("NOTAUTH");
    expect(await status(NS1, "go.id", "SOA")).toBe("REFUSED");
    expect(await status(RESOLVER, `www.${PUBLIC}`, "A")).toBe("REFUSED");
  });

  it("transfers no zone without the key, neither to a stranger nor to its own", async () => {
    for (const from of ["client", "stranger"] as const)
      for (const server of [PRIMARY, NS1, RESOLVER])
        for (const name of [PUBLIC, INTERNAL, "catalog.invalid."]) {
          const answer = await lab.ask(from, server, name, "AXFR");
          expect(answer).toMatch(/server replied with error '(REFUSED|NOTAUTH|NOTIMP)'|REFUSED/);
          expect(answer).not.toContain("SOA\t");
        }
  });

  it("refuses at once what it cannot know", async () => {
    const started = performance.now();
    for (const name of ["debian.org", "1.0.0.10.in-addr.arpa", "go.id"])
      expect(await resolve(name, "A")).toMatch(/status: (REFUSED|NXDOMAIN)/);
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it("says neither its version nor its name", async () => {
    for (const server of [NS1, RESOLVER])
      for (const name of ["version.bind", "version.server", "id.server", "hostname.bind"])
        expect(await lab.ask("client", server, name, "CH", "TXT")).not.toMatch(/Knot|unbound|ns1/i);
  });

  it("brings a changed record to the secondaries within a second or so", async () => {
    const before = await serial(NS1, PUBLIC);
    const others = await serial(NS1, INTERNAL);
    extra.push(record(`baru.${PUBLIC}`, "A", "10.210.128.51"));
    await deliver(dnsPlan(extra));
    const took = await until("the new record stands at both", async () => {
      const answers = await Promise.all(
        [NS1, NS2].map((server) => lab.ask("client", server, `baru.${PUBLIC}`, "A", "+short")),
      );
      return answers.every((answer) => answer === "10.210.128.51\n");
    });
    expect(took).toBeLessThan(2000);
    expect(await serial(NS1, PUBLIC)).toBeGreaterThan(before);
    // One zone changed: the others were not touched.
    expect(await serial(NS1, INTERNAL)).toBe(others);
  });

  it("brings a new zone to the secondaries by the catalog", async () => {
    const www = record(`www.${NEW_ZONE}`, "A", "10.210.128.60");
    await deliver(dnsPlan(extra, [zone(NEW_ZONE, "public", [www])]));
    const took = await until("the new zone stands at both", async () => {
      const answers = await Promise.all(
        [NS1, NS2].map((server) => lab.ask("stranger", server, `www.${NEW_ZONE}`, "A", "+short")),
      );
      return answers.every((answer) => answer === "10.210.128.60\n");
    });
    expect(took).toBeLessThan(3000);
    const keysOfIt = await lab.ask("client", NS1, NEW_ZONE, "DNSKEY", "+short");
    expect(keysOfIt).toContain(keys.zones.find(({ zone: name }) => name === NEW_ZONE)!.dnskey);
    await deliver(dnsPlan(extra));
    await until("the zone is gone", async () =>
      (await lab.ask("stranger", NS1, `www.${NEW_ZONE}`, "A")).includes("REFUSED"),
    );
  });

  it("does not move a set of which one text is wrong", async () => {
    const files = nameServerFiles(dnsPlan([record(`buruk.${PUBLIC}`, "A", "10.210.128.999")]));
    const { exitCode, text } = await lab.deliver("name-server", files);
    expect(exitCode).not.toBe(0);
    expect(text).toContain("ns-primary/zones/ujikab.go.id.zone");
    expect(await resolve(`www.${PUBLIC}`, "A", "+short")).toBe("10.210.128.50\n");
  });

  it("loses no query while zones change", async () => {
    const load = Promise.all([
      lab.load(NS1, 200, 10, `www.${PUBLIC}`, 1),
      lab.load(RESOLVER, 200, 10, `www.${PUBLIC}`, 1),
      lab.load(RESOLVER, 200, 10, `ubah%d.semua.${PUBLIC}`, 1),
    ]);
    for (let round = 0; round < 5; round += 1) {
      extra.push(record(`muat${round}.${PUBLIC}`, "A", "10.210.128.52"));
      await deliver(dnsPlan(extra));
      await pause(1000);
    }
    for (const result of await load) expect(result).toContain("sent=2000 answered=2000");
    await until("the last change is there", async () =>
      (await lab.ask("client", NS1, `muat4.${PUBLIC}`, "A", "+short")).includes("10.210.128.52"),
    );
  });

  it("loses no query for what it knows while the resolver reloads", async () => {
    const load = lab.load(RESOLVER, 200, 8, `www.${PUBLIC}`, 1);
    const [file] = resolverFiles(dnsPlan(), anchors());
    for (let round = 0; round < 4; round += 1) {
      const changed = [{ path: file!.path, text: `${file!.text}# ${round}\n` }];
      await said(lab.deliver("resolver", changed));
      await pause(1200);
    }
    expect(await load).toContain("sent=1600 answered=1600");
    expect((await lab.logs(RESOLVER.name)).match(/took over/g)).toHaveLength(4);
  });

  it("keeps keys and rising serials over a restart", async () => {
    const before = await serial(NS1, PUBLIC);
    await said(lab.docker(["restart", lab.named(PRIMARY.name)]));
    await changeReachesResolver("restart");
    expect(await serial(NS1, PUBLIC)).toBeGreaterThan(before);
    expect(await keySigningKeys()).toEqual([anchorKey()]);
  });

  it("keeps keys and rising serials over a lost state", async () => {
    const before = await serial(NS1, PUBLIC);
    await said(lab.docker(["rm", "--force", lab.named(PRIMARY.name)]));
    await said(lab.docker(["volume", "rm", lab.named(`data-${PRIMARY.name}`)]));
    await said(
      lab.docker([
        "volume",
        "create",
        "--label",
        "scratch-dnslab",
        lab.named(`data-${PRIMARY.name}`),
      ]),
    );
    await lab.start("name-server", PRIMARY);
    await changeReachesResolver("lost");
    expect(await serial(NS1, PUBLIC)).toBeGreaterThan(before);
    expect(await keySigningKeys()).toEqual([anchorKey()]);
  });

  it("answers on while the primary and one secondary after the other are dead", async () => {
    const load = Promise.all([
      lab.load(RESOLVER, 200, 15, `www.${PUBLIC}`, 1),
      lab.load(RESOLVER, 200, 15, `tanpa%d.semua.${PUBLIC}`, 1),
    ]);
    await pause(1000);
    for (const server of [PRIMARY, NS1]) await said(lab.docker(["kill", lab.named(server.name)]));
    await pause(4000);
    await said(lab.docker(["start", lab.named(NS1.name)]));
    await pause(2000);
    await said(lab.docker(["kill", lab.named(NS2.name)]));
    for (const result of await load) expect(result).toContain("sent=3000 answered=3000");
    await said(lab.docker(["start", lab.named(PRIMARY.name)]));
    await said(lab.docker(["start", lab.named(NS2.name)]));
    await until(
      "the secondary is back",
      async () =>
        (await lab.ask("client", NS2, `www.${PUBLIC}`, "A", "+short")) === "10.210.128.50\n",
    );
  });

  it("gives no answer that a wrong trust anchor does not prove", async () => {
    const wrong = keys.zones.find(({ zone: name }) => name === NEW_ZONE)!.anchor;
    const broken = anchors().map((anchor) =>
      anchor.zone === PUBLIC ? { ...wrong, zone: PUBLIC } : anchor,
    );
    await said(lab.deliver("resolver", resolverFiles(dnsPlan(), broken)));
    await until("the resolver refuses the chain", async () =>
      (await resolve(`baru.${PUBLIC}`, "AAAA")).includes("SERVFAIL"),
    );
    await said(lab.deliver("resolver", resolverFiles(dnsPlan(), anchors())));
    await until("the chain is whole again", async () =>
      (await resolve(`baru.${PUBLIC}`, "A", "+short")).includes("10.210.128.51"),
    );
  });

  it("runs without rights that a name server does not need", async () => {
    for (const name of [PRIMARY.name, NS1.name, RESOLVER.name]) {
      const { text } = await lab.exec(name, "bash", "-c", STATUS);
      const lines = text.trim().split("\n");
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).toBe("0000000000000400 0000000000000400 1");
    }
  });

  it("shows its secrets to Knot alone", async () => {
    const { text } = await lab.exec(
      PRIMARY.name,
      ...["find", "/run/simpul-secrets", "-printf", "%u:%g %m %y\\n"],
    );
    expect(new Set(text.trim().split("\n"))).toEqual(
      new Set(["root:knot 750 d", "root:knot 640 f"]),
    );
    const secrets = [keys.tsigSecret, ...keys.zones.map(({ pem }) => pem.split("\n")[1]!)];
    for (const server of [PRIMARY, NS1, NS2, RESOLVER]) {
      const logs = await lab.logs(server.name);
      for (const secret of secrets) expect(logs).not.toContain(secret);
    }
    const { text: onSecondary } = await lab.exec(NS1.name, "ls", "-R", "/run/simpul-secrets");
    expect(onSecondary).not.toContain(".pem");
  });
});

/** Effective and bounding capabilities and no-new-privs of every server process; 400 is CAP_NET_BIND_SERVICE. */
const STATUS = `for status in /proc/[0-9]*/status; do
  [[ $(<"\${status%status}comm") =~ ^(knotd|unbound|simpul-entrypoi)$ ]] || continue
  while read -r key value; do
    case $key in CapEff:) eff=$value ;; CapBnd:) bnd=$value ;; NoNewPrivs:) nnp=$value ;; esac
  done <"$status"
  echo "$eff $bnd $nnp"
done`;

async function changeReachesResolver(label: string): Promise<void> {
  extra.push(record(`${label}.${PUBLIC}`, "A", "10.210.128.53"));
  await deliver(dnsPlan(extra));
  // Not by the resolver yet: a name that is asked for too early is remembered as missing for a minute.
  await until(`${label}.${PUBLIC} stands at the secondaries`, async () => {
    const answers = await Promise.all(
      [NS1, NS2].map((server) => lab.ask("client", server, `${label}.${PUBLIC}`, "A", "+short")),
    );
    return answers.every((answer) => answer === "10.210.128.53\n");
  });
  expect(await resolve(`${label}.${PUBLIC}`, "A", "+dnssec")).toMatch(/Flags: qr[a-z ]* ad[; ]/);
}

async function keySigningKeys(): Promise<readonly string[]> {
  const answer = await lab.ask("client", NS1, PUBLIC, "DNSKEY", "+short");
  return answer.split("\n").filter((line) => line.startsWith("257 "));
}

function anchorKey(): string {
  return keys.zones.find(({ zone: name }) => name === PUBLIC)!.dnskey;
}

function anchors() {
  return keys.zones.map(({ anchor }) => anchor);
}

function resolve(...question: readonly string[]): Promise<string> {
  return lab.ask("client", RESOLVER, ...question);
}

async function serial(server: typeof NS1, name: string): Promise<number> {
  return Number((await lab.ask("client", server, name, "SOA", "+short")).split(" ")[2]);
}

function deliver(plan: DnsPlan): Promise<void> {
  return said(lab.deliver("name-server", nameServerFiles(plan)));
}

function entrust(primary: boolean, server: typeof NS1): Promise<void> {
  return said(lab.entrust(server, dnsSecretFiles(keys, primary ? "primary" : "secondary")));
}

async function said(work: Promise<{ exitCode: number; text: string }>): Promise<void> {
  const { exitCode, text } = await work;
  if (exitCode !== 0) throw new Error(text);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
