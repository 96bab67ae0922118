import { beforeAll, describe, expect, it } from "vitest";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { hostPrefix, prefixLists } from "../../modules/plan/routing.ts";
import type { VpsPlan } from "../../modules/plan/vps-plan.ts";
import type { ConnectionAnswer } from "../../modules/verify/connect-sweep.ts";
import type { ContainerState } from "../../modules/verify/containers.ts";
import { compareHardening } from "../../modules/verify/hardening.ts";
import { attemptsFrom, compareAccess } from "../../modules/verify/vps-access.ts";
import { compareVps, vpsContainer } from "../../modules/verify/vps-container.ts";
import { compareInside, type InsideView } from "../../modules/verify/vps-inside-compare.ts";
import { parseLook } from "../../modules/verify/vps-inside.ts";
import { ujiPlan } from "./uji-plan.ts";

const placeOf = () => undefined;
let plan: KabupatenPlan;
let vps: VpsPlan;

beforeAll(async () => {
  plan = await ujiPlan();
  vps = plan.vps[0]!;
});

/** A container as the stack makes it. */
function asPlanned(one: VpsPlan): ContainerState {
  return {
    name: vpsContainer(plan, one),
    role: "vps",
    running: true,
    status: "running",
    upSeconds: 100,
    memoryBytes: one.memoryBytes,
    memorySwapBytes: one.memoryBytes,
    cpus: one.cpu,
    pids: 1024,
    privileged: false,
    readOnlyRoot: false,
    capAdd: ["CAP_CHOWN", "CAP_NET_ADMIN", "CAP_SETUID"],
    capDrop: ["ALL"],
    securityOptions: ["no-new-privileges:true"],
    hostPaths: [],
    publishedPorts: [],
    networks: new Map([
      [
        `simpul-${plan.name}-gateway-${one.segment}`,
        { ipv4: one.address.ipv4.text, ipv6: one.address.ipv6.text },
      ],
    ]),
    networkMode: "bridge",
  };
}

function told(change: (state: ContainerState) => Partial<ContainerState>): readonly string[] {
  const states = plan.vps.map((one) => {
    const state = asPlanned(one);
    return one === vps ? { ...state, ...change(state) } : state;
  });
  const containers = new Map(states.map((state) => [state.name, state]));
  return [...compareVps({ plan, containers, placeOf }), ...compareHardening(states)].map(
    ({ id, what }) => `${id}: ${what}`,
  );
}

describe("a router or service", () => {
  const bounded = { readOnlyRoot: true, pids: 512 };
  it.each<[string, Partial<ContainerState>, readonly string[]]>([
    ["is bounded", { role: "edge", ...bounded }, []],
    [
      "may run any number of processes",
      { role: "gateway", ...bounded, pids: 0 },
      ["container-unbounded: x has no limit of processes"],
    ],
    [
      "may fill the engine's disk",
      { role: "name-server", ...bounded, readOnlyRoot: false },
      ["container-unbounded: x may write on the engine's disk without bounds"],
    ],
    ["is a VPS, which has bounds of its own", { role: "vps", readOnlyRoot: false, pids: 0 }, []],
  ])("%s", (_, said, expected) => {
    const state = { ...asPlanned(vps), ...said, name: "x" };
    expect(compareHardening([state]).map(({ id, what }) => `${id}: ${what}`)).toEqual(expected);
  });
});

describe("what backups are given of the host", () => {
  const folder = "/var/lib/simpul";
  const secrets = `${folder}/secrets/simpul-uji-config-backup-secrets`;
  it.each<[string, ContainerState["role"], string, readonly string[], boolean]>([
    [
      "an agent reads its own server's disk",
      "backup-runner",
      "ppdb-online",
      [`${folder}/mounts/simpul-uji-vps-ppdb-online/data`, `${secrets}/ppdb-online`],
      true,
    ],
    [
      "an agent reads another's disk",
      "backup-runner",
      "ppdb-online",
      [`${folder}/mounts/simpul-uji-vps-simpeg/data`],
      false,
    ],
    ["an agent has another's key", "backup-runner", "ppdb-online", [`${secrets}/simpeg`], false],
    [
      "the server has the folder of its repositories",
      "backup-server",
      "cadangan",
      [`${folder}/repositories/simpul-uji-backup-server-cadangan`, `${secrets}/server`],
      true,
    ],
    ["the server has all of it", "backup-server", "cadangan", [folder], false],
  ])("%s", (_, role, name, hostPaths, fine) => {
    const state = { ...asPlanned(vps), role, hostPaths, name: `simpul-uji-${role}-${name}` };
    expect(compareHardening([state])).toHaveLength(fine ? 0 : 1);
  });
});

describe("the container of a VPS", () => {
  it("is as planned", () => {
    expect(told(() => ({}))).toEqual([]);
  });

  it.each<[string, (state: ContainerState) => Partial<ContainerState>, RegExp]>([
    [
      "has more memory",
      ({ memoryBytes }) => ({ memoryBytes: memoryBytes * 2, memorySwapBytes: memoryBytes * 2 }),
      /^vps-limit-differs: .* has memory \d+ instead of \d+ MiB$/,
    ],
    [
      "may swap",
      ({ memoryBytes }) => ({ memorySwapBytes: memoryBytes * 2 }),
      /^vps-limit-differs: .* swap beside its memory$/,
    ],
    [
      "has no processor limit",
      () => ({ cpus: 0 }),
      /^vps-limit-differs: .* cpu unlimited instead of/,
    ],
    [
      "has any number of processes",
      () => ({ pids: 0 }),
      /^vps-limit-differs: .* any number of processes instead of 1024$/,
    ],
    [
      "may gain privileges",
      () => ({ securityOptions: [] }),
      /^vps-limit-differs: .*no-new-privileges/,
    ],
    [
      "is stopped",
      () => ({ running: false, status: "exited" }),
      /^vps-not-running: .*container is exited/,
    ],
    [
      "has another address",
      ({ networks }) => ({
        networks: new Map([...networks].map(([name]) => [name, { ipv4: "10.1.1.1", ipv6: "" }])),
      }),
      /^vps-network-differs: .*10\.1\.1\.1 instead of .*no IPv6 address instead of/,
    ],
    [
      "stands on a second network",
      ({ networks }) => ({
        networks: new Map([...networks, ["bridge", { ipv4: "172.17.0.2", ipv6: "" }]]),
      }),
      /^vps-network-differs: .* stands on bridge too$/,
    ],
    ["is privileged", () => ({ privileged: true }), /^container-too-powerful: .* is privileged$/],
    [
      "sees the engine's socket",
      () => ({ hostPaths: ["/var/run/docker.sock"] }),
      /mounts \/var\/run\/docker\.sock of the engine's host$/,
    ],
    [
      "publishes a port",
      () => ({ publishedPorts: ["443/tcp"] }),
      /publishes 443\/tcp on the host$/,
    ],
    ["has a dangerous capability", () => ({ capAdd: ["SYS_ADMIN"] }), /has CAP_SYS_ADMIN$/],
    [
      "keeps the engine's capabilities",
      () => ({ capDrop: [] }),
      /keeps the engine's default capabilities$/,
    ],
  ])("is found out when it %s", (_, change, text) => {
    expect(told(change)).toEqual([expect.stringMatching(text)]);
  });
});

describe("who reaches a VPS", () => {
  const GREETING: ConnectionAnswer = { outcome: "open", banner: "SSH-2.0-OpenSSH_9.2p1", said: "" };
  const answer = (outcome: ConnectionAnswer["outcome"]): ConnectionAnswer => ({
    outcome,
    banner: "",
    said: "",
  });

  function tried(from: RouterPlan, answers: (expected: string) => ConnectionAnswer) {
    const attempts = attemptsFrom(from, vps, withOpenPort());
    const findings = compareAccess(
      { placeOf },
      attempts.map((attempt) => ({ attempt, answer: answers(attempt.expected) })),
    );
    return { attempts, ids: [...new Set(findings.map(({ id }) => id))] };
  }
  /** Its gateway, with a port besides that leads straight to the server. */
  function withOpenPort(): RouterPlan {
    const gateway = plan.routers.find(
      ({ role, name }) => role === "gateway" && name === vps.segment,
    )!;
    const to = prefixLists([hostPrefix(vps.service)]);
    const open = { name: "publish-direct", to, protocol: "tcp", port: 8443 } as const;
    const openings = [...gateway.firewall.openings, open];
    return { ...gateway, firewall: { ...gateway.firewall, openings } };
  }
  const owner = (): RouterPlan => plan.routers.find(({ name, lan }) => name === vps.owner && lan)!;
  const other = (): RouterPlan => plan.routers.find(({ name, lan }) => name !== vps.owner && lan)!;

  it("is its owner by name and over both families", () => {
    const { attempts } = tried(owner(), () => GREETING);
    expect(attempts.filter(({ expected }) => expected === "greets")).toMatchObject([
      { family: 4, host: vps.hostname, port: 22, banner: true },
      { family: 6, host: vps.hostname, port: 22, banner: true },
    ]);
  });

  it("is nobody else on port 22", () => {
    const { attempts } = tried(other(), () => answer("silent"));
    expect(attempts.filter(({ port }) => port === 22).map(({ expected }) => expected)).toEqual([
      "silent",
      "silent",
    ]);
  });

  it.each<[ConnectionAnswer["outcome"], readonly string[]]>([
    ["silent", []],
    ["no-route", []],
    ["refused", ["vps-open-to-others"]],
    ["open", ["vps-open-to-others"]],
  ])("takes %s on a closed port as %j", (outcome, ids) => {
    const right = (expected: string) => (expected === "silent" ? answer(outcome) : GREETING);
    expect(tried(other(), right).ids).toEqual(ids);
  });

  it.each<[ConnectionAnswer["outcome"], readonly string[]]>([
    ["open", []],
    ["refused", []],
    ["silent", ["vps-publication-blocked"]],
  ])("takes %s on a published port as %j", (outcome, ids) => {
    const right = (expected: string) =>
      expected === "passes" ? answer(outcome) : expected === "silent" ? answer("silent") : GREETING;
    expect(tried(owner(), right).ids).toEqual(ids);
  });

  it.each<[ConnectionAnswer]>([
    [answer("open")],
    [answer("refused")],
    [answer("no-name")],
    [answer("failed")],
  ])("misses SSH's greeting: %j", (said) => {
    const right = (expected: string) =>
      expected === "greets" ? said : answer(expected === "silent" ? "silent" : "refused");
    expect(tried(owner(), right).ids).toEqual(["vps-ssh-silent"]);
  });
});

describe("a look out of a VPS", () => {
  // Recorded from the image vps-debian-12.
  const LOOK = "== capabilities\nCapBnd:\t00000000000404fb\n== disk\n2040373248\n== names\nyes\n";

  it("is read", () => {
    expect(parseLook(LOOK)).toEqual({
      capabilities: 0x404fbn,
      diskBytes: 2_040_373_248,
      resolves: true,
    });
    expect(parseLook("== capabilities\n== disk\n== names\n")).toEqual({ resolves: false });
  });

  it.each<[string, Partial<InsideView>, readonly string[]]>([
    ["all is as planned", {}, []],
    ["fe80::1 answers", { answered: ["fe80::1%eth0"] }, ["vps-reaches-host"]],
    ["another tenant answers", { answered: ["10.9.9.9"] }, ["vps-reaches-tenant"]],
    [
      "another tenant's port answers",
      { connected: ["x port 22 over IPv4"] },
      ["vps-reaches-tenant"],
    ],
    ["a login may set routes", { capabilities: 0x414fbn }, ["vps-login-too-powerful"]],
    ["ping does not work", { canPing: false }, ["vps-inside-untested"]],
    ["names do not work", { resolves: false }, ["vps-without-names"]],
    ["the disk is too large", { diskBytes: 1e15 }, ["vps-disk-differs"]],
  ])("says what is wrong when %s", (_, change, ids) => {
    const view: InsideView = {
      canPing: true,
      answered: [],
      connected: [],
      capabilities: 0x404fbn,
      diskBytes: vps.diskBytes * 0.95,
      resolves: true,
      ...change,
    };
    expect(compareInside(plan, vps, view).map(({ id }) => id)).toEqual(ids);
  });
});
