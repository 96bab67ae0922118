import type { Diagnostic } from "../core/diagnostic.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { TenantServerPlan } from "../plan/vps-plan.ts";
import { vpsContainer, vpsTitle } from "./vps-container.ts";

/** What one look from inside a VPS tells. */
export interface InsideView {
  /** Its own service address answers a ping: else the silence of others says nothing. */
  readonly canPing: boolean;
  /** By address: those of the engine's host and of other tenants that answered a ping. */
  readonly answered: readonly string[];
  /** Other tenants' servers that took or refused a connection: `sik-puskesmas port 22`. */
  readonly connected: readonly string[];
  /** Bounding set of the SSH server, and so of every login; undefined when none runs. */
  readonly capabilities?: bigint;
  /** Size of /data in bytes; undefined when it is not mounted. */
  readonly diskBytes?: number;
  /** Its own name resolves, over both families' records. */
  readonly resolves: boolean;
}

/** The engine's own addresses on the VPS's segment: both gateways of Docker's, and the bridge's link-local one. */
export function hostAddresses(
  plan: KabupatenPlan,
  { segment }: TenantServerPlan,
): readonly string[] {
  const { engineAddress } = plan.segments.find(({ name }) => name === segment)!;
  return [engineAddress.ipv4.text, engineAddress.ipv6.text, "fe80::1%eth0"];
}

/** Numbers of linux/capability.h that no login in a VPS may have. */
const FORBIDDEN_BITS: Readonly<Record<string, bigint>> = {
  CAP_NET_ADMIN: 12n,
  CAP_NET_RAW: 13n,
  CAP_SYS_MODULE: 16n,
  CAP_SYS_PTRACE: 19n,
  CAP_SYS_ADMIN: 21n,
  CAP_MKNOD: 27n,
};

/** ext4 keeps a part of a volume for itself: inodes, journal. */
const LEAST_SHARE = 0.8;

export function compareInside(
  plan: KabupatenPlan,
  vps: TenantServerPlan,
  view: InsideView,
): readonly Diagnostic[] {
  const container = vpsContainer(plan, vps);
  const title = vpsTitle(vps);
  const ofHost = new Set(hostAddresses(plan, vps));
  const host = view.answered.filter((address) => ofHost.has(address));
  const tenants = [...view.answered.filter((address) => !ofHost.has(address)), ...view.connected];
  const powers = Object.entries(FORBIDDEN_BITS)
    .filter(([, bit]) => ((view.capabilities ?? 0n) >> bit) & 1n)
    .map(([name]) => name);
  const findings: readonly (Diagnostic | false)[] = [
    !view.canPing && {
      id: "vps-inside-untested",
      severity: "error",
      what: `from inside ${title} not even its own service address answers a ping`,
      why: "so the silence of the engine's host and of other tenants proves nothing",
      fix: `docker exec ${container} ping -c 1 ${vps.service.ipv4.text} says why; docker restart ${container} sets its addresses again`,
    },
    view.capabilities === undefined && {
      id: "vps-login-untested",
      severity: "error",
      what: `no SSH server runs in ${title}`,
      why: "its owner cannot log in",
      fix: `docker logs --tail 30 ${container} says why it ended; docker restart ${container}`,
    },
    host.length > 0 && {
      id: "vps-reaches-host",
      severity: "error",
      what: `from inside ${title} the engine's host answers at ${host.join(", ")}`,
      why: "its services, and by them every tenant, are then one password away; the host's packet filter should drop this",
      fix: "run scripts/setup.sh (step firewall), then simpul verify vps again",
    },
    tenants.length > 0 && {
      id: "vps-reaches-tenant",
      severity: "error",
      what: `from inside ${title} other tenants answer: ${tenants.join(", ")}`,
      why: "tenants are closed to one another but for what they publish (DESIGN section 5)",
      fix: `simpul deploy loads the planned rules into the gateway of ${vps.segment}; scripts/setup.sh those of the host`,
    },
    powers.length > 0 && {
      id: "vps-login-too-powerful",
      severity: "error",
      what: `a login in ${title} has ${powers.join(", ")}`,
      why: "with these a tenant changes its addresses or routes and passes for somebody else",
      fix: `its entrypoint should have given them up: docker restart ${container}; if it stays, its image is not ours`,
    },
    view.diskBytes === undefined && {
      id: "vps-disk-missing",
      severity: "error",
      what: `the disk of ${title} is not mounted at /data`,
      why: "what is written now is lost when the container is made anew",
      fix: "simpul deploy mounts it; then restart the VPS",
    },
    isOffSize(vps, view) && {
      id: "vps-disk-differs",
      severity: "error",
      what: `the disk of ${title} holds ${toGibibytes(view.diskBytes!)} GiB instead of ${toGibibytes(vps.diskBytes)} GiB`,
      why: "a disk larger than its file says takes room that others were promised; a smaller one fills up early",
      fix: "simpul deploy resizes it; df /data in the VPS shows the present size",
    },
    !view.resolves && {
      id: "vps-without-names",
      severity: "error",
      what: `${title} does not resolve its own name ${vps.hostname} over both families`,
      why: "its gateway lets questions to the resolvers pass, so either they do not answer or the name is missing",
      fix: "run simpul verify dns; then, in the VPS, getent ahosts with that name",
    },
  ];
  return findings.filter((finding) => finding !== false);
}

function isOffSize(
  { diskBytes: planned }: TenantServerPlan,
  { diskBytes: seen }: InsideView,
): boolean {
  return seen !== undefined && (seen > planned || seen < planned * LEAST_SHARE);
}

function toGibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
