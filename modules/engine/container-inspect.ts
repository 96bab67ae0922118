/** What of `docker container inspect` is read here, in the engine's own words. */
export interface ContainerInspect {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  /** Id of its image. */
  readonly Image: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Pid: number;
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
  readonly Config: {
    readonly Hostname: string;
    readonly User: string;
    readonly Env: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
    readonly Entrypoint: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly StopTimeout?: number | null;
  };
  readonly HostConfig: {
    readonly NetworkMode: string;
    readonly RestartPolicy: { readonly Name: string };
    readonly LogConfig: {
      readonly Type: string;
      readonly Config: Readonly<Record<string, string>> | null;
    };
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Sysctls?: Readonly<Record<string, string>> | null;
    readonly Privileged: boolean;
    readonly ReadonlyRootfs: boolean;
    /** Options of file systems in memory, by their path. */
    readonly Tmpfs?: Readonly<Record<string, string>> | null;
    readonly Init?: boolean | null;
    readonly PidMode: string;
    readonly Dns: readonly string[] | null;
    readonly Devices: readonly { readonly PathOnHost: string }[] | null;
    readonly PortBindings: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    > | null;
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly MemoryReservation: number;
    readonly CpuShares: number;
    readonly CpuPeriod: number;
    readonly CpuQuota: number;
    readonly NanoCpus: number;
    readonly CpusetCpus: string;
    readonly PidsLimit: number | null;
  };
  readonly Mounts: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Source: string;
    readonly Destination: string;
    readonly RW: boolean;
  }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, EndpointInspect>> | null };
}

/** A container's place on one network. */
export interface EndpointInspect {
  readonly IPAMConfig: { readonly IPv4Address?: string; readonly IPv6Address?: string } | null;
  readonly NetworkID: string;
  readonly IPAddress: string;
  readonly GlobalIPv6Address: string;
}

/** What a container takes over from its image where nothing else is asked for. */
export interface ImageDefaults {
  readonly environment: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/** Of an image that is no longer on the engine. */
export const NO_DEFAULTS: ImageDefaults = { environment: [], entrypoint: [], command: [] };
