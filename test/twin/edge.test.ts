import { X509Certificate } from "node:crypto";
import { readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { ROOT } from "../../stacks/prepare.ts";
import { type AcmeServer, prepareAcmeServer } from "./acme-server.ts";
import { clientIn, clientOn, startTimes, startTls, startWeb, type Client } from "./edge-lab.ts";
import { buildInternetLab, FAR, type InternetLab, OUTER } from "./internet-lab.ts";
import { buildKabupatenLab, type KabupatenLab, type Said } from "./kabupaten-lab.ts";

const FAMILIES = ["ipv4", "ipv6"] as const;
const FLAG = { ipv4: "-4", ipv6: "-6" } as const;
const NAME = "ppdb.dindikpora.ujikab.go.id";
const SECRETS = path.join(ROOT, ".simpul/secrets/uji");
const PPDB = [
  "{ name: ppdb, port: 443, audience: internet, limit: { per_client: 100000, total: 100000 } }",
  "{ name: hemat, port: 443, audience: intranet, limit: { per_client: 2 } }",
  "{ name: proksi, port: 443, audience: intranet, to: 8080, client: proxy-protocol }",
  "{ name: sendiri, port: 443, audience: intranet, tls: server, to: 8444 }",
  "{ name: sehat, port: 443, audience: intranet, to: 8081, health: /sehat }",
  "{ name: antrean, port: 8443, audience: [kecamatan-ngadirejo] }",
];
const SIK = ["{ name: sik, port: 443, audience: [kecamatan-ngadirejo] }"];
/** A request that a busy machine answers late is not lost. */
const WRK = ["wrk", "-t1", "--timeout", "15s"] as const;
const EGRESS = [`{ to: ${FAR.ipv4}, port: 80 }`, "{ to: sik-puskesmas, port: 8000 }"];
const VPS = "vps-ppdb-online";

describe("servers published through the edge", () => {
  let lab: KabupatenLab;
  let internet: InternetLab;
  let acme: AcmeServer | undefined;
  let plan: KabupatenPlan;
  let dindikpora: Client;
  let ngadirejo: Client;

  beforeAll(async () => {
    acme = await prepareAcmeServer(OUTER.own.ipv4);
    lab = await buildKabupatenLab();
    await change("kabupaten.yaml", /^ {2}local: \{\}$/m, LINE);
    await publish("ppdb-online", PPDB, EGRESS);
    await publish("sik-puskesmas", SIK);
    plan = await lab.plan();
    const { ipv4, ipv6 } = plan.edge!.servers[0]!.service;
    const edges = [ipv4, ipv6].map(({ text }) => `{ to: "${text}", port: 443 }`);
    await publish("ppdb-online", PPDB, [...EGRESS, ...edges]);
    await deploy();
    internet = await buildInternetLab(lab);
    dindikpora = clientOn(lab, "dinas-pendidikan");
    ngadirejo = clientOn(lab, "kecamatan-ngadirejo");
    await startWeb(lab, "ppdb-online", 80);
    await startWeb(lab, "ppdb-online", 8080, true);
    await startWeb(lab, "ppdb-online", 8081);
    await startTls(lab, "ppdb-online", 8444);
    await startWeb(lab, "sik-puskesmas", 80);
    const names = [NAME, inside("hemat.dindikpora"), inside("proksi.dindikpora")];
    for (const name of names)
      await until(async () => (await dindikpora.get(`https://${name}/`)).status === 200);
    await until(
      async () => (await ngadirejo.get(`https://${inside("sik.dinkes")}/`)).status === 200,
    );
  }, 300_000);

  afterAll(async () => {
    await acme?.remove();
    await internet?.remove();
    await lab?.remove();
  });

  it.each(FAMILIES)(
    "answer by name on HTTPS over %s, and are told who asks, whatever that one claims",
    async (family) => {
      const lie = [
        "--header",
        "X-Forwarded-For: 192.0.2.1",
        "--header",
        "Forwarded: for=192.0.2.1",
      ];
      const { status, body, said } = await dindikpora.get(`https://${NAME}/`, FLAG[family], ...lie);
      expect([status, said]).toEqual([200, ""]);
      expect(body).toContain(`x-forwarded-for: ${lanOf("dinas-pendidikan", family)}\n`);
      expect(body).toContain("x-forwarded-proto: https\n");
      expect(body).not.toContain("192.0.2.1");
    },
  );

  it.each(FAMILIES)(
    "tell it over %s by the PROXY protocol where the file says so",
    async (family) => {
      const url = `https://${inside("proksi.dindikpora")}/`;
      const { body } = await dindikpora.get(url, FLAG[family]);
      expect(body).toContain(`proxy: ${lanOf("dinas-pendidikan", family)}\n`);
    },
  );

  it("are vouched for by the kabupaten's authority alone, each for its own name", async () => {
    const stranger = await dindikpora.get(`https://${NAME}/`, "--cacert", "/etc/ssl/cert.pem");
    expect(stranger.status).toBe(0);
    const address = plan.edge!.servers[0]!.service.ipv4.text;
    const unknown = await dindikpora.get(
      ...(["https://lain.dindikpora.ujikab.go.id/", "--resolve"] as const),
      `lain.dindikpora.ujikab.go.id:443:${address}`,
    );
    expect([unknown.status, unknown.said]).toEqual([
      0,
      expect.stringMatching(/unrecognized name|alert|handshake/),
    ]);
    const other = ["--header", `Host: ${inside("hemat.dindikpora")}`];
    expect((await dindikpora.get(`https://${NAME}/`, ...other)).status).toBe(421);
  });

  it("are trusted by whoever takes what simpul authority prints", async () => {
    const { stdout, exitCode } = await lab.simpul("authority");
    expect([exitCode, stdout]).toEqual([
      0,
      await readFile(path.join(ROOT, ".simpul/secrets/uji/ca/ca.pem"), "utf8"),
    ]);
  });

  it("hold their certificate themselves where the file says so: the edge passes them on unopened", async () => {
    const url = `https://${inside("sendiri.dindikpora")}/`;
    for (const family of FAMILIES) {
      const { status, body } = await dindikpora.get(url, FLAG[family], "--insecure");
      expect([status, body]).toEqual([200, expect.stringContaining("s_server -quiet")]);
    }
    expect(await serial(inside("sendiri.dindikpora"))).toBe(
      (await lab.inside(VPS, "cat", "/root/tls.pem")).stdout.trim(),
    );
    const other = await dindikpora.get(url);
    expect([other.status, other.said]).toEqual([0, expect.stringMatching(/self.signed/i)]);
  });

  it("are asked for no more while they say that they are unwell", async () => {
    const url = `https://${inside("sehat.dindikpora")}/`;
    const isStatus = (wanted: number) => async (): Promise<boolean> =>
      (await dindikpora.get(url)).status === wanted;
    await until(isStatus(200));
    await lab.inside(VPS, "touch", "/tmp/sakit");
    await until(isStatus(503));
    expect((await dindikpora.get(url)).body).not.toContain("proxy:");
    await lab.inside(VPS, "rm", "/tmp/sakit");
    await until(isStatus(200));
  });

  it("trust each other's names, and go on to when the authority is another", async () => {
    const ask = async (): Promise<string> => {
      const url = `https://${inside("sehat.dindikpora")}/`;
      const { stdout, stderr } = await lab.inside(VPS, "curl", "-sS", "--max-time", "10", url);
      return stdout.includes("proxy: none") ? "trusted" : stderr;
    };
    expect(await ask()).toBe("trusted");
    const before = await startTimes(lab);
    await rename(path.join(SECRETS, "ca"), path.join(SECRETS, "ca-before"));
    await deploy();
    await until(async () => (await dindikpora.get(`https://${NAME}/`)).status === 200);
    await until(async () => (await ask()) === "trusted");
    expect(await startTimes(lab)).toEqual(before);
    const store = "grep -c 'BEGIN CERTIFICATE' /etc/ssl/certs/ca-certificates.crt";
    const held = "openssl x509 -in /usr/local/share/ca-certificates/simpul.crt";
    const one = await lab.inside(VPS, "sh", "-c", `${store}; ${held}`);
    expect(one.stdout).toContain((await readFile(path.join(SECRETS, "ca/ca.pem"), "utf8")).trim());
    expect(Number.parseInt(one.stdout, 10)).toBeGreaterThan(100);
  });

  it("send plain HTTP to HTTPS", async () => {
    const head = await dindikpora.get(`http://${NAME}/daftar?no=1`, "--head");
    expect(head.status).toBe(308);
    expect(head.body).toContain(`location: https://${NAME}/daftar?no=1`);
  });

  it("are refused to whom they are not for", async () => {
    const url = `https://${inside("sik.dinkes")}/`;
    for (const family of FAMILIES) {
      expect((await ngadirejo.get(url, FLAG[family])).status).toBe(200);
      expect((await dindikpora.get(url, FLAG[family])).status).toBe(403);
    }
  });

  it("are reached past the edge by nobody; other ports directly, by whom they are for", async () => {
    const { service } = plan.vps.find(({ name }) => name === "ppdb-online")!;
    const knock = (client: Client, port: number): Promise<Said> =>
      client.run("timeout", "3", "bash", "-c", `</dev/tcp/${service.ipv4.text}/${port}`);
    expect((await knock(dindikpora, 80)).exitCode).toBe(124);
    expect((await knock(ngadirejo, 80)).exitCode).toBe(124);
    expect((await knock(ngadirejo, 8443)).stderr).toContain("Connection refused");
    expect((await knock(dindikpora, 8443)).exitCode).toBe(124);
  });

  it("hold each client to the limit of the name, and no other name with it", async () => {
    const url = `https://${inside("hemat.dindikpora")}/[1-40]`;
    const codes = ["--write-out", "%{http_code}\n", "--output", "/dev/null"];
    const { stdout } = await dindikpora.run("curl", "-s", "--cacert", "/ca.pem", ...codes, url);
    const statuses = stdout.trim().split("\n");
    expect(statuses.filter((code) => code === "429").length).toBeGreaterThan(10);
    expect(statuses.filter((code) => code === "200").length).toBeGreaterThan(10);
    expect((await dindikpora.get(`https://${NAME}/`)).status).toBe(200);
    expect((await ngadirejo.get(`https://${inside("hemat.dindikpora")}/`)).status).toBe(200);
  });

  it("lose no request, and nobody is restarted, while a publication comes by simpul deploy", async () => {
    const before = await startTimes(lab);
    const seconds = "15";
    const load = [
      dindikpora.run(...WRK, "-c8", `-d${seconds}`, `https://${NAME}:443/`),
      dindikpora.run(...WRK, "-c4", `-d${seconds}`, "-HConnection: close", `https://${NAME}:443/`),
      dindikpora.run("h2load", "-c4", "-m4", "-D", seconds, `https://${NAME}/`),
    ];
    await publish("sik-puskesmas", [...SIK, "{ name: antre, port: 443, audience: intranet }"]);
    await deploy();
    const [kept, closed, multiplexed] = await Promise.all(load);
    for (const { stdout } of [kept!, closed!]) {
      expect(Number(/(\d+) requests in/.exec(stdout)?.[1])).toBeGreaterThan(100);
      expect(stdout).not.toMatch(/Socket errors|Non-2xx/);
    }
    expect(multiplexed!.stdout).toMatch(/ [1-9]\d* succeeded, 0 failed, 0 errored, 0 timeout/);
    // HAProxy answers nothing at the moment of a reload.
    await until(async () => {
      const reloads = await lab.inside("edge-edge1", ...admin("master.sock", "show proc"));
      return Number(/master\s+(\d+)/.exec(reloads.stdout)?.[1]) > 0;
    });
    expect(await startTimes(lab)).toEqual(before);
    const added = `https://${inside("antre.dinkes")}/`;
    await until(async () => (await dindikpora.get(added)).status === 200);
  });

  it("get another certificate by simpul renew, without a deploy and without a restart", async () => {
    const before = await startTimes(lab);
    const old = await serial();
    expect(await renewed("--yes")).toMatchObject({ exitCode: 0, due: [], brought: false });
    await rm(path.join(SECRETS, "edge-store"), { recursive: true });
    const load = dindikpora.run(...WRK, "-c4", "-d10", `https://${NAME}:443/`);
    const shown = await renewed();
    expect([shown.exitCode, shown.due.length > 5, shown.brought]).toEqual([0, true, false]);
    const done = await renewed("--yes");
    expect([done.exitCode, done.renewed.length, done.brought]).toEqual([0, shown.due.length, true]);
    expect((await load).stdout).not.toMatch(/Socket errors|Non-2xx/);
    await until(async () => (await serial()) !== old);
    expect((await dindikpora.get(`https://${NAME}/`)).status).toBe(200);
    expect(await startTimes(lab)).toEqual(before);
  });

  it("leave no key in state, plan or logs", async () => {
    const pem = await readFile(path.join(SECRETS, "edge/certs/ppdb-online.ppdb.pem"), "utf8");
    const key = /PRIVATE KEY-----\n(.{40})/.exec(pem)![1]!;
    const state = await readFile(path.join(ROOT, ".simpul/state/uji/services.tfstate"), "utf8");
    expect(state).toContain("simpul-uji-edge-edge1");
    expect(state).not.toContain(key);
    const logs = await lab.docker("logs", "simpul-uji-edge-edge1");
    expect(logs.stdout + logs.stderr).not.toContain(key);
  });

  it.each(FAMILIES)(
    "are reached from the internet over %s at the outer address, under the client's own",
    async (family) => {
      const outside = clientIn(lab, "simpul-test-internet-uji");
      const from = ["--interface", FAR[family]];
      const to = family === "ipv4" ? OUTER.own.ipv4 : `[${OUTER.own.ipv6}]`;
      const at = (name: string): readonly string[] => ["--resolve", `${name}:443:${to}`, ...from];
      const { status, body } = await outside.get(`https://${NAME}/`, ...at(NAME));
      expect(status).toBe(200);
      expect(body).toContain(`x-forwarded-for: ${FAR[family]}\n`);
      const intranet = inside("antre.dinkes");
      expect((await outside.get(`https://${intranet}/`, ...at(intranet))).status).toBe(403);
      const ssh = await outside.get(`http://${to}:22/`, ...from, "--connect-timeout", "2");
      expect([ssh.status, ssh.said]).toEqual([0, expect.stringContaining("Timeout")]);
    },
  );

  it("ask outside whom their files name, and nobody else", async () => {
    const ask = (vps: string, host: string, port: number): Promise<Said> =>
      lab.inside(`vps-${vps}`, "timeout", "3", "bash", "-c", `</dev/tcp/${host}/${port}`);
    expect((await ask("ppdb-online", FAR.ipv4, 80)).exitCode).toBe(0);
    expect((await ask("ppdb-online", FAR.ipv4, 8080)).exitCode).not.toBe(0);
    expect((await ask("ppdb-online", FAR.ipv6, 80)).exitCode).not.toBe(0);
    expect((await ask("sik-puskesmas", FAR.ipv4, 80)).exitCode).not.toBe(0);
    // Its own gateway lets it out; the other one's file does not let it in.
    const { service } = plan.vps.find(({ name }) => name === "sik-puskesmas")!;
    expect((await ask("ppdb-online", service.ipv4.text, 8000)).exitCode).toBe(124);
  });

  it("are found sound by verify, which says whose server is silent", async () => {
    const sound = await verified();
    expect([sound.exitCode, sound.findings]).toEqual([0, []]);
    expect(sound.measured.edge["names_asked"]).toBe(sound.measured.edge["names_answered"]);
    await lab.inside("vps-sik-puskesmas", "bash", "-c", "kill $(pgrep -f web-server.pl)");
    await until(
      async () => (await ngadirejo.get(`https://${inside("sik.dinkes")}/`)).status === 503,
    );
    const silent = await verified();
    expect([silent.exitCode, ids(silent)]).toEqual([
      0,
      Array.from({ length: 2 }, () => "published-server-down"),
    ]);
  });

  it("are missed by verify when the edge is gone, and come back with it", async () => {
    await lab.docker("stop", "simpul-uji-edge-edge1");
    const gone = await verified();
    expect([gone.exitCode, ids(gone)]).toEqual([1, ["edge-not-running"]]);
    await lab.docker("start", "simpul-uji-edge-edge1");
    await until(async () => (await dindikpora.get(`https://${NAME}/`)).status === 200);
  });

  it("get certificates of an authority that is asked by ACME, and keep the one before while it refuses", async () => {
    const url = `https://${NAME}/`;
    await change("kabupaten.yaml", /^/, `${acme!.setting}\n`);
    await deploy();
    expect((await dindikpora.get(url)).status).toBe(200);
    const refused = await renewed("--yes");
    expect([refused.exitCode, ids(refused), refused.renewed]).toEqual([
      1,
      ["certificate-not-renewed"],
      [],
    ]);
    expect((await dindikpora.get(url)).status).toBe(200);

    await acme!.start();
    const before = await startTimes(lab);
    const load = dindikpora.run("wrk", "-t1", "-c4", "-d15", `https://${NAME}:443/`);
    const done = await renewed("--yes");
    expect(done).toMatchObject({
      exitCode: 0,
      findings: [],
      renewed: ["ppdb-online.ppdb.open"],
      brought: true,
    });
    await until(async () => new X509Certificate(await serial()).issuer.includes("Pebble"));
    expect((await load).stdout).not.toMatch(/Socket errors|Non-2xx/);
    expect(await startTimes(lab)).toEqual(before);
    const shown = new X509Certificate(await serial());
    expect(shown.subjectAltName).toBe(`DNS:${NAME}`);
    expect((await dindikpora.get(`https://${inside("hemat.dindikpora")}/`)).status).toBe(200);

    expect(await renewed("--yes")).toMatchObject({ exitCode: 0, due: [], brought: false });
    expect((await lab.simpul("plan", "--expect-no-changes")).exitCode).toBe(0);
    const account = await readFile(path.join(SECRETS, "acme/account.key"), "utf8");
    const state = await readFile(path.join(ROOT, ".simpul/state/uji/services.tfstate"), "utf8");
    expect(state).not.toContain(account.split("\n")[1]);
  });

  const lanOf = (agency: string, family: (typeof FAMILIES)[number]): string =>
    plan.routers.find(({ name }) => name === agency)!.source[family].text;

  async function deploy(): Promise<void> {
    const { exitCode, stdout, stderr } = await lab.simpul("deploy", "--yes");
    if (exitCode !== 0) throw new Error(stdout + stderr);
  }

  async function change(file: string, from: RegExp, to: string): Promise<void> {
    const text = await readFile(path.join(lab.inventory, "uji", file), "utf8");
    if (!from.test(text)) throw new Error(`${file} does not say ${from}`);
    await lab.write(file, text.replace(from, to));
  }

  function publish(
    vps: string,
    publications: readonly string[],
    egress: readonly string[] = [],
  ): Promise<void> {
    const lines = `publish: [${publications.join(", ")}]\negress: [${egress.join(", ")}]\nbackup:`;
    return change(`vps/${vps}.yaml`, /^publish:[^]*^backup:/m, lines);
  }

  async function serial(name: string = NAME): Promise<string> {
    const { stdout } = await dindikpora.run(
      ...["bash", "-c", `openssl s_client -connect ${name}:443 -servername ${name} </dev/null`],
    );
    const shown = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(stdout)?.[0];
    return shown ?? "";
  }

  async function renewed(...options: readonly string[]): Promise<Renewed> {
    const { stdout, exitCode } = await lab.simpul("renew", "--json", ...options);
    return { ...(JSON.parse(stdout) as Omit<Renewed, "exitCode">), exitCode };
  }

  async function verified(): Promise<Verified> {
    const { stdout, exitCode } = await lab.simpul("verify", "edge", "--json");
    return { ...(JSON.parse(stdout) as Omit<Verified, "exitCode">), exitCode };
  }
});

interface Verified {
  readonly exitCode: number;
  readonly findings: readonly { readonly id: string }[];
  readonly measured: Readonly<Record<"edge", Readonly<Record<string, number>>>>;
}

interface Renewed {
  readonly exitCode: number;
  readonly findings: readonly { readonly id: string }[];
  readonly due: readonly object[];
  readonly renewed: readonly string[];
  readonly brought: boolean;
}

function ids({ findings }: Pick<Verified, "findings">): readonly string[] {
  return findings.map(({ id }) => id);
}

function inside(name: string): string {
  return `${name}.intra.ujikab.go.id`;
}

function admin(socket: string, command: string): readonly string[] {
  return ["bash", "-c", `socat - /run/haproxy/${socket} <<<"${command}"`];
}

const LINE = `  local:
    internet: { ipv4: ${OUTER.own.ipv4}/29, gateway: ${OUTER.gateway.ipv4}, ipv6: "${OUTER.own.ipv6}/64", gateway6: "${OUTER.gateway.ipv6}", bandwidth: 1Gbps }`;

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("not so after a minute");
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
