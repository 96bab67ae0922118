import { describe, expect, it } from "vitest";

import type { ContainerInspect } from "../../modules/engine/container-inspect.ts";
import type { Deviation } from "../../modules/engine/deviation.ts";
import type { EngineObject } from "../../modules/engine/docker-objects.ts";
import { findDrift } from "../../modules/engine/drift.ts";
import { deviationFinding } from "../../modules/engine/drift-words.ts";
import type { Observation } from "../../modules/engine/observation.ts";
import { parseConfiguration } from "../../modules/engine/stack-configuration.ts";
import type { StackState } from "../../modules/engine/stack-state.ts";
import type { Attributes } from "../../modules/engine/terraform-attributes.ts";

const IMAGE = "sha256:one";
const NAME = "simpul-uji-vps-ppdb";

const labels = (config = "c") =>
  Object.entries({ config, kabupaten: "uji", name: "ppdb", role: "vps", stack: "pusat-data" }).map(
    ([label, value]) => ({ label: `id.go.simpul.${label}`, value }),
  );
const declared: Attributes = {
  name: NAME,
  image: IMAGE,
  hostname: "ppdb",
  entrypoint: ["start"],
  env: ["A=1"],
  memory: 512,
  memory_swap: 512,
  network_mode: "bridge",
  networks_advanced: [{ name: "segment", ipv4_address: "10.0.0.2", ipv6_address: "fd00::2" }],
  restart: "unless-stopped",
  labels: labels(),
};
const limits = (cpus: string) => ({
  triggers_replace: { "0": "${docker_container.ppdb.id}", "1": cpus, "2": "100" },
  provisioner: [
    {
      "local-exec": {
        command: `/simpul host limits \${docker_container.ppdb.name} --cpus ${cpus} --pids 100`,
      },
    },
  ],
});
const configurationOf = (container: Attributes, cpus = "2") =>
  parseConfiguration(
    JSON.stringify({
      resource: { docker_container: { ppdb: container }, terraform_data: { limits: limits(cpus) } },
    }),
  );
const stateOf = (container: Attributes): StackState => {
  const resources = [
    {
      address: "docker_container.ppdb",
      type: "docker_container",
      id: "1",
      attributes: { ...container, id: "1" },
    },
    {
      address: "terraform_data.limits",
      type: "terraform_data",
      id: "2",
      attributes: { triggers_replace: { value: { "0": "1", "1": "2", "2": "100" } } },
    },
  ];
  const ids = new Set(resources.map(({ id }) => id));
  return {
    version: "l/1",
    ids,
    addresses: new Set(resources.map(({ address }) => address)),
    resources,
  };
};
const EMPTY: StackState = { version: "", ids: new Set(), addresses: new Set(), resources: [] };

interface Change {
  readonly id?: string;
  readonly status?: string;
  readonly host?: Partial<ContainerInspect["HostConfig"]>;
  readonly networks?: ContainerInspect["NetworkSettings"]["Networks"];
}
const segment = {
  IPAMConfig: { IPv4Address: "10.0.0.2", IPv6Address: "fd00::2" },
  NetworkID: "n",
  IPAddress: "10.0.0.2",
  GlobalIPv6Address: "fd00::2",
};
const container = ({ id = "1", status = "running", host, networks }: Change): ContainerInspect => ({
  Id: id,
  Name: `/${NAME}`,
  Created: "2026-01-01T00:00:00Z",
  Image: IMAGE,
  State: { Status: status, ExitCode: 0, Pid: 1, StartedAt: "", FinishedAt: "" },
  Config: {
    Hostname: "ppdb",
    User: "",
    Env: ["PATH=/bin", "A=1"],
    Cmd: null,
    Entrypoint: ["start"],
    Labels: Object.fromEntries(labels().map(({ label, value }) => [label, value])),
  },
  HostConfig: {
    NetworkMode: "bridge",
    RestartPolicy: { Name: "unless-stopped" },
    LogConfig: { Type: "json-file", Config: {} },
    CapAdd: null,
    CapDrop: null,
    SecurityOpt: null,
    Privileged: false,
    ReadonlyRootfs: false,
    PidMode: "",
    Dns: null,
    Devices: null,
    PortBindings: {},
    Memory: 512 * 2 ** 20,
    MemorySwap: 512 * 2 ** 20,
    MemoryReservation: 0,
    CpuShares: 0,
    CpuPeriod: 100_000,
    CpuQuota: 200_000,
    NanoCpus: 0,
    CpusetCpus: "",
    PidsLimit: 100,
    ...host,
  },
  Mounts: [],
  NetworkSettings: { Networks: networks ?? { segment } },
});
const observed = (...containers: readonly ContainerInspect[]): Observation => ({
  objects: containers.map(({ Id }): EngineObject => ({
    kind: "container",
    id: Id,
    name: NAME,
    state: "running",
    labels: { stack: "pusat-data", role: "vps", name: "ppdb", config: "c" },
  })),
  containers: new Map(containers.map((one) => [one.Id, one])),
  networks: new Map([
    [
      "n",
      {
        Id: "n",
        Name: "segment",
        Created: "",
        Driver: "bridge",
        EnableIPv6: true,
        Internal: false,
        IPAM: { Config: [] },
        Options: {},
        Labels: {},
        Containers: {},
      },
    ],
  ]),
  volumes: new Map(),
  images: new Map([[IMAGE, { environment: ["PATH=/bin"], entrypoint: ["image"], command: ["c"] }]]),
  disks: new Map(),
});
const stack = (
  configuration = configurationOf(declared),
  state: StackState = stateOf(declared),
) => [{ name: "pusat-data", configuration, state }];
const words = {
  kabupaten: "uji",
  describe: () => ({ noun: "VPS" }),
  placeOf: () => undefined,
  since: () => undefined,
};
const said = (deviations: readonly Deviation[]) =>
  deviations.map((one) => [one.class, deviationFinding(one, words).what, one.healing]);

describe("plan, state and engine", () => {
  it("agree when nothing was changed, in whatever order lists come", () => {
    expect(findDrift(stack(), observed(container({})))).toEqual([]);
    const swapped = { ...declared, labels: labels().toReversed() };
    expect(findDrift(stack(configurationOf(swapped)), observed(container({})))).toEqual([]);
  });

  it.each<[string, Change, string, string]>([
    ["paused", { status: "paused" }, "VPS ppdb is paused", "live"],
    ["stopped", { status: "exited" }, "VPS ppdb is stopped", "live"],
    ["ending again and again", { status: "restarting" }, "VPS ppdb is restarting", "when-named"],
    [
      "less memory",
      { host: { Memory: 2 ** 28 } },
      "VPS ppdb has memory 256 MiB, not 512 MiB",
      "live",
    ],
    [
      "no limit of processes",
      { host: { PidsLimit: null } },
      "VPS ppdb has processes unlimited, not 100",
      "live",
    ],
    [
      "the same processors by another option",
      { host: { CpuQuota: 0, NanoCpus: 3e9 } },
      "VPS ppdb has processors 3, not 2",
      "live",
    ],
    [
      "another address",
      { networks: { segment: { ...segment, IPAMConfig: { IPv4Address: "10.0.0.9" } } } },
      "VPS ppdb is on network segment with 10.0.0.9 and fd00::2, not with 10.0.0.2 and fd00::2",
      "live",
    ],
    [
      "no network",
      { networks: {} },
      "VPS ppdb is not on network segment with 10.0.0.2 and fd00::2",
      "live",
    ],
    [
      "privileged",
      { host: { Privileged: true } },
      "VPS ppdb has privileged yes, not no",
      "when-named",
    ],
  ])("differ: %s", (_, change, what, healing) => {
    expect(said(findDrift(stack(), observed(container(change))))).toEqual([
      ["drifted", what, healing],
    ]);
  });

  it("differ when a container is gone, or another one bears its name", () => {
    expect(said(findDrift(stack(), observed()))).toEqual([
      ["drifted", "VPS ppdb is gone", "terraform"],
    ]);
    expect(said(findDrift(stack(), observed(container({ id: "9" }))))).toEqual([
      [
        "drifted",
        "VPS ppdb is there, but was not made by pusat-data: its state does not know it",
        "when-named",
      ],
    ]);
  });

  it("tell what was merged from what drifted, on the same server", () => {
    const grown = configurationOf({ ...declared, memory: 1024, memory_swap: 1024 }, "4");
    const paused = observed(container({ status: "paused" }));
    expect(said(findDrift(stack(grown), paused))).toEqual([
      ["drifted", "VPS ppdb is paused", "live"],
      [
        "merged-not-applied",
        "VPS ppdb has memory 512 MiB, and is to have 1024 MiB; has memory with swap 512 MiB, and is to have 1024 MiB; has processors 2, and is to have 4",
        "terraform",
      ],
    ]);
  });

  it("leave a server its image, where it keeps the one that it was made with", () => {
    const newer = { ...declared, image: "sha256:two" };
    expect(said(findDrift(stack(configurationOf(newer)), observed(container({}))))).toMatchObject([
      ["merged-not-applied", expect.stringContaining("has image sha256:one"), "when-named"],
    ]);
    const kept = { ...newer, lifecycle: { ignore_changes: ["image"] } };
    expect(findDrift(stack(configurationOf(kept)), observed(container({})))).toEqual([]);
  });

  it("tell what is not there yet, what left git, and what is nobody's", () => {
    expect(said(findDrift(stack(undefined, EMPTY), observed()))).toEqual([
      ["merged-not-applied", "VPS ppdb is not there yet", "terraform"],
    ]);
    const nothing = parseConfiguration("{}");
    expect(said(findDrift(stack(nothing), observed(container({}))))).toEqual([
      ["applied-not-in-git", "VPS ppdb left the inventory and is still there", "when-named"],
    ]);
    expect(said(findDrift(stack(nothing, EMPTY), observed(container({}))))).toEqual([
      ["foreign", "VPS ppdb carries the labels of uji", "nobody"],
    ]);
  });
});
