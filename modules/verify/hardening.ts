import type { Diagnostic } from "../core/diagnostic.ts";
import { HOST_VOLUME_ROOT } from "../engine/host-volume.ts";
import type { ContainerState } from "./containers.ts";

/** Capabilities that lead out of a container or into another one's traffic; none of ours needs them. */
const DANGEROUS = new Set(
  [
    "ALL",
    "AUDIT_CONTROL",
    "BLOCK_SUSPEND",
    "BPF",
    "CHECKPOINT_RESTORE",
    "DAC_READ_SEARCH",
    "IPC_LOCK",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "PERFMON",
    "SETFCAP",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYSLOG",
    "WAKE_ALARM",
  ].map((name) => `CAP_${name}`),
);

/** What holds for every container of the product (DESIGN section 11). */
export function compareHardening(containers: Iterable<ContainerState>): readonly Diagnostic[] {
  return [...containers].flatMap((state) => {
    const faults = faultsOf(state);
    if (faults.length === 0) return [];
    return [
      {
        id: "container-too-powerful",
        severity: "error" as const,
        what: `${state.name} ${faults.join(", and ")}`,
        why: "whoever breaks into it could take the engine's host, and every tenant with it (DESIGN section 11)",
        fix: `somebody made it by hand: docker rm -f ${state.name}, then simpul deploy makes it as planned (its volumes stay)`,
      },
    ];
  });
}

function faultsOf(state: ContainerState): readonly string[] {
  const capabilities = state.capAdd.map(withPrefix).filter((name) => DANGEROUS.has(name));
  const hostPaths = state.hostPaths.filter((path) => !isOwnFile(state, path));
  const faults = [
    state.privileged && "is privileged",
    !state.capDrop.includes("ALL") && "keeps the engine's default capabilities",
    capabilities.length > 0 && `has ${capabilities.join(", ")}`,
    state.networkMode === "host" && "stands on the host's own network",
    hostPaths.length > 0 && `mounts ${hostPaths.join(", ")} of the engine's host`,
    state.publishedPorts.length > 0 && `publishes ${state.publishedPorts.join(", ")} on the host`,
  ];
  return faults.filter((fault) => fault !== false);
}

/** A VPS's own hosts, hostname and resolv.conf, out of its own volume (modules/engine/host-files.ts). */
function isOwnFile({ name }: ContainerState, path: string): boolean {
  const folder = `${HOST_VOLUME_ROOT}/mounts/${name}/etc/`;
  return ["hostname", "hosts", "resolv.conf"].some((file) => path === `${folder}${file}`);
}

/** The engine takes and shows both `NET_ADMIN` and `CAP_NET_ADMIN`. */
function withPrefix(name: string): string {
  return name.startsWith("CAP_") ? name : `CAP_${name}`;
}
