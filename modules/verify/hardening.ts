import type { Diagnostic } from "../core/diagnostic.ts";
import { HOST_VOLUME_ROOT } from "../engine/host-volume.ts";
import { BACKUP, BACKUP_COPIER, BACKUP_DRC } from "../plan/part-names.ts";
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
    const missing = BOUNDED.has(state.role) ? missingBounds(state) : [];
    return [
      ...(missing.length > 0 ? [unbounded(state, missing)] : []),
      ...(faults.length > 0 ? [tooPowerful(state, faults)] : []),
    ];
  });
}

/** Roles in which nobody logs in and which nobody looks at (DESIGN section 10): bounds stop what was broken into. */
const BOUNDED = new Set(["router", "gateway", "name-server", "resolver", "edge"]);

function missingBounds({ pids, memoryBytes, readOnlyRoot }: ContainerState): readonly string[] {
  const missing = [
    memoryBytes === 0 && "has no limit of memory",
    pids === 0 && "has no limit of processes",
    !readOnlyRoot && "may write on the engine's disk without bounds",
  ];
  return missing.filter((one) => one !== false);
}

function unbounded({ name }: ContainerState, missing: readonly string[]): Diagnostic {
  return {
    id: "container-unbounded",
    severity: "error",
    what: `${name} ${missing.join(", and ")}`,
    why: "one that is broken into, or goes wrong, could take processes, memory or disk from all that stands on the engine",
    fix: "simpul deploy gives it the bounds of the plan; processes are limited while it runs",
  };
}

function tooPowerful({ name }: ContainerState, faults: readonly string[]): Diagnostic {
  return {
    id: "container-too-powerful",
    severity: "error",
    what: `${name} ${faults.join(", and ")}`,
    why: "whoever breaks into it could take the engine's host, and every tenant with it (DESIGN section 11)",
    fix: `somebody made it by hand: docker rm -f ${name}, then simpul deploy makes it as planned (its volumes stay)`,
  };
}

function faultsOf(state: ContainerState): readonly string[] {
  const capabilities = state.capAdd.map(withPrefix).filter((name) => DANGEROUS.has(name));
  const hostPaths = state.hostPaths.filter(
    (path) => !isOwnFile(state, path) && !ofBackups(state).includes(path),
  );
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

/** What a backup server and an agent are given of the host: repositories, credentials, the server's own data. */
function ofBackups({ name, role }: ContainerState): readonly string[] {
  const [kabupaten = "", slug = ""] = name.split(`-${role}-`);
  const secrets = (folder: string, part: string): string =>
    `${HOST_VOLUME_ROOT}/secrets/${kabupaten}-config-${folder}-secrets/${part}`;
  const atSites = (part: string): readonly string[] =>
    [BACKUP, BACKUP_DRC].map((folder) => secrets(folder, part));
  if (role === "backup-server")
    return [`${HOST_VOLUME_ROOT}/repositories/${name}`, ...atSites("server")];
  if (role !== "backup-runner") return [];
  if (slug === BACKUP_COPIER) return [secrets(BACKUP_DRC, "copier")];
  const disks = ["vps", "colocation"].map(
    (kind) => `${HOST_VOLUME_ROOT}/mounts/${kabupaten}-${kind}-${slug}`,
  );
  return [...disks.flatMap((disk) => [`${disk}/data`, `${disk}/root`]), secrets(BACKUP, slug)];
}

/** The engine takes and shows both `NET_ADMIN` and `CAP_NET_ADMIN`. */
function withPrefix(name: string): string {
  return name.startsWith("CAP_") ? name : `CAP_${name}`;
}
