import { answerOf, type Engine } from "../engine/docker-engine.ts";
import { LABEL } from "../plan/engine-names.ts";

/** What `docker inspect` says about one container, as far as checks care. */
export interface ContainerState {
  readonly name: string;
  /** By its label (DESIGN section 10). */
  readonly role: string;
  readonly running: boolean;
  /** `running`, `exited`, `restarting`, ... */
  readonly status: string;
  /** Seconds since it started; 0 when it does not run. */
  readonly upSeconds: number;
  readonly memoryBytes: number;
  /** Memory and swap together; the same as memory means no swap. */
  readonly memorySwapBytes: number;
  /** Processors; 0 means no limit. */
  readonly cpus: number;
  /** Processes and threads; 0 means no limit. */
  readonly pids: number;
  readonly privileged: boolean;
  readonly readOnlyRoot: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOptions: readonly string[];
  /** Paths on the engine's host that are mounted into it. */
  readonly hostPaths: readonly string[];
  /** Ports that the engine's host answers for it: `443/tcp`. */
  readonly publishedPorts: readonly string[];
  /** By name of the Docker network. */
  readonly networks: ReadonlyMap<string, { readonly ipv4: string; readonly ipv6: string }>;
  /** `bridge`, `host`, `none`, ... */
  readonly networkMode: string;
}

/**
 * Every container of one kabupaten, by name.
 * @throws {EngineRefusal} when the engine does not answer
 */
export async function observeContainers(
  engine: Engine,
  kabupaten: string,
  now: number = Date.now(),
): Promise<ReadonlyMap<string, ContainerState>> {
  const filter = `label=${LABEL}.kabupaten=${kabupaten}`;
  const listed = await answerOf(engine, ["docker", "ps", "-aq", "--no-trunc", "--filter", filter]);
  const ids = listed.split("\n").filter((line) => line !== "");
  if (ids.length === 0) return new Map();
  // A container that is removed between the two calls makes inspect fail and is only left out.
  const { stdout } = await engine.run(["docker", "container", "inspect", ...ids]);
  const states = (JSON.parse(stdout || "[]") as readonly Inspected[]).map((one) =>
    toState(one, now),
  );
  return new Map(states.map((state) => [state.name, state]));
}

interface Inspected {
  readonly Name: string;
  readonly State: {
    readonly Running: boolean;
    readonly Status: string;
    readonly StartedAt: string;
  };
  readonly HostConfig: {
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly NanoCpus: number;
    readonly CpuQuota: number;
    readonly CpuPeriod: number;
    readonly PidsLimit: number | null;
    readonly Privileged: boolean;
    readonly ReadonlyRootfs: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly NetworkMode: string;
  };
  readonly Config: { readonly Labels: Readonly<Record<string, string>> | null };
  readonly Mounts: readonly { readonly Type: string; readonly Source: string }[];
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly object[] | null>> | null;
    readonly Networks: Readonly<
      Record<string, { readonly IPAddress: string; readonly GlobalIPv6Address: string }>
    >;
  };
}

function toState(
  { Name, Config, State, HostConfig, Mounts, NetworkSettings }: Inspected,
  now: number,
): ContainerState {
  const { NanoCpus, CpuQuota, CpuPeriod, PidsLimit } = HostConfig;
  const quota = CpuQuota > 0 ? CpuQuota / (CpuPeriod || 100_000) : 0;
  return {
    name: Name.replace(/^\//, ""),
    role: Config.Labels?.[`${LABEL}.role`] ?? "",
    running: State.Running,
    status: State.Status,
    upSeconds: State.Running ? Math.max(0, (now - Date.parse(State.StartedAt)) / 1000) : 0,
    memoryBytes: HostConfig.Memory,
    memorySwapBytes: HostConfig.MemorySwap,
    cpus: NanoCpus > 0 ? NanoCpus / 1e9 : quota,
    pids: Math.max(0, PidsLimit ?? 0),
    privileged: HostConfig.Privileged,
    readOnlyRoot: HostConfig.ReadonlyRootfs,
    capAdd: HostConfig.CapAdd ?? [],
    capDrop: HostConfig.CapDrop ?? [],
    securityOptions: HostConfig.SecurityOpt ?? [],
    hostPaths: Mounts.filter(({ Type }) => Type === "bind").map(({ Source }) => Source),
    publishedPorts: Object.entries(NetworkSettings.Ports ?? {})
      .filter(([, bindings]) => bindings !== null && bindings.length > 0)
      .map(([port]) => port),
    networks: new Map(
      Object.entries(NetworkSettings.Networks).map(
        ([network, { IPAddress, GlobalIPv6Address }]) => [
          network,
          { ipv4: IPAddress, ipv6: GlobalIPv6Address },
        ],
      ),
    ),
    networkMode: HostConfig.NetworkMode,
  };
}
