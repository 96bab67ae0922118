import type { DualAddress } from "../core/dual.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { TenantServerPlan } from "../plan/vps-plan.ts";
import { Construct, Container, type ITerraformDependable, type Volume } from "./cdktf.ts";
import { ConfigCarrier } from "./config-carrier.ts";
import { HostStep } from "./host-step.ts";
import { LOG_LIMITS } from "./router.ts";
import type { ConfigFile } from "../render/config-file.ts";
import { SecretsVolume } from "./secrets-volume.ts";
import { serverNetwork } from "./server.ts";
import { MOUNTS, sizedVolume } from "./sized-volume.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

export interface VpsProps {
  readonly plan: KabupatenPlan;
  /** A VPS, or the stand-in of a colocated server. */
  readonly vps: TenantServerPlan;
  /** Made ready and not started: of the image that the server runs on, or the newest where it runs nowhere yet. */
  readonly standby?: { readonly image: string | undefined };
  /** Its end of a database that is streamed between the sites; its standby runs, and follows. */
  readonly database?: DatabaseProps;
  /** Certificate of the kabupaten's own authority, in PEM: its programs trust it. */
  readonly authority: string | undefined;
  /** The tenant's segment and gateway, which must exist first. */
  readonly dependsOn: readonly ITerraformDependable[];
}

export interface DatabaseProps {
  readonly file: ConfigFile;
  readonly own: DualAddress;
  /** The other end, and the voters. */
  readonly peers: readonly DualAddress[];
  readonly secrets: { readonly directory: string; readonly fingerprint: string };
}

/**
 * A virtual server of an agency: a container with its own volume of limited size, fixed addresses, and no capability
 * over its network once it has started. Its image is the one that it was created with: a newer one never replaces it.
 */
export class Vps extends Construct {
  readonly volume: Volume;

  constructor(
    context: StackContext,
    { plan, vps, standby, authority, database, dependsOn }: VpsProps,
  ) {
    super(context.scope, `${vps.role}-${vps.name}`);
    // Its own name, though it stands for another.
    const hostname = vps.hostname.split(".")[0]!;
    const runs = vps.running && (standby === undefined || database !== undefined);
    const network = serverNetwork(plan, vps);
    const secrets =
      database && new SecretsVolume(context, vps.name, imageFolder(vps), database.secrets);
    const { volume, volumeName } = sizedVolume(this, context, {
      role: vps.role,
      name: vps.name,
      sizeBytes: vps.diskBytes,
      options: [
        ["--hostname", hostname],
        ["--ipv4", vps.service.ipv4.text],
        ["--ipv6", vps.service.ipv6.text],
      ],
    });
    this.volume = volume;
    const keys = new ConfigCarrier(context, {
      name: vps.name,
      image: imageFolder(vps),
      files: [
        { path: "authorized_keys", text: `${vps.authorizedKeys.join("\n")}\n` },
        { path: "timezone", text: `${vps.timezone}\n` },
        ...(authority === undefined ? [] : [{ path: "authority.pem", text: authority }]),
        ...(database ? [database.file] : []),
      ],
    });
    const definition = {
      ...network,
      env: [...network.env, ...(database ? peersOf(database) : [])],
      hostname,
      // Out of the volume that is read-only inside: every file of the image, root of the VPS may change.
      entrypoint: ["/etc/simpul/boot/busybox", "sh", "/etc/simpul/boot/start.sh"],
      capabilities: { add: CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      volumes: [
        { volumeName, containerPath: "/data" },
        { volumeName: keys.volumeName, containerPath: "/etc/simpul", readOnly: true },
        ...(secrets
          ? [{ volumeName: secrets.volumeName, containerPath: SECRETS, readOnly: true }]
          : []),
      ],
      mounts: hostFiles(volumeName),
    };
    const container = new Container(this, "container", {
      ...identity(context, vps.role, vps.name, definition),
      ...definition,
      image: standby?.image ?? imageId(context, imageFolder(vps)),
      memory: Math.floor(vps.memoryBytes / 2 ** 20),
      memorySwap: Math.floor(vps.memoryBytes / 2 ** 20),
      mustRun: runs,
      ...(!runs && standby !== undefined && { start: false }),
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      stopTimeout: 30,
      destroyGraceSeconds: 30,
      dependsOn: [
        this.volume,
        keys.container,
        ...(secrets ? [secrets.step.resource] : []),
        ...dependsOn,
      ],
      // cpus: what somebody sets by hand cannot be taken back on a running container, only set right (host-limits.ts)
      lifecycle: { ignoreChanges: ["image", "cpus"] },
    });
    const limits = [
      ["--cpus", String(vps.cpu)],
      ["--pids", String(vps.pids)],
      ["--disk", volumeName],
    ] as const;
    const limitsStep = new HostStep(context, {
      id: `${vps.role}-${vps.name}-limits`,
      args: ["limits", container.name, ...limits.flat()],
      triggers: [container.id, ...limits.map(([, value]) => value)],
    });
    if (vps.packages.length > 0)
      new HostStep(context, {
        id: `${vps.role}-${vps.name}-packages`,
        args: ["packages", container.name, "--install", vps.packages.join(",")],
        // A VPS that stands still gets them when it is started.
        triggers: [container.id, vps.packages.join(","), String(runs)],
        // Which stops it for a moment, to lay its root on its own disk.
        dependsOn: [limitsStep.resource],
      });
    // The provider starts what must run, but stops nothing. Not while limits are set: what is ending takes none.
    if (!runs && standby === undefined)
      new HostStep(context, {
        id: `${vps.role}-${vps.name}-stop`,
        args: ["stop", container.name],
        triggers: [container.id],
        dependsOn: [limitsStep.resource],
      });
  }
}

/** Where the agent of a database reads its keys. */
const SECRETS = "/run/simpul-secrets";

/** Sorted by family; images/shared/server-network.sh reads it. */
function peersOf({ own, peers }: DatabaseProps): readonly string[] {
  return [
    `SIMPUL_OWN4=${own.ipv4.text}`,
    `SIMPUL_OWN6=${own.ipv6.text}`,
    `SIMPUL_PEERS4=${peers.map(({ ipv4 }) => ipv4.text).join(" ")}`,
    `SIMPUL_PEERS6=${peers.map(({ ipv6 }) => ipv6.text).join(" ")}`,
  ];
}

/** The engine's own would lie on its disk, writable and without bounds (modules/engine/host-files.ts). */
function hostFiles(volumeName: string) {
  return ["hostname", "hosts", "resolv.conf"].map((file) => ({
    type: "bind",
    source: `${MOUNTS}/${volumeName}/etc/${file}`,
    target: `/etc/${file}`,
    readOnly: true,
  }));
}

/** What root of a VPS needs, and NET_ADMIN and SETPCAP, which images/vps/debian-12/start.sh gives up before anything else runs. */
const CAPABILITIES = [
  "CAP_AUDIT_WRITE",
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_NET_ADMIN",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
];

function imageFolder({ image }: TenantServerPlan): string {
  return `vps-${image}`;
}
