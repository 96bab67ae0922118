import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan, SegmentPlan } from "../plan/kabupaten-plan.ts";
import type { ExitPlan, RouterPlan } from "../plan/router-plan.ts";
import { BOUNDED_ROOT } from "./bounds.ts";
import { Construct, Container, Volume, type ITerraformDependable } from "./cdktf.ts";
import type { ConfigCarrier } from "./config-carrier.ts";
import { OUTER_ROLE } from "./outer-segment.ts";
import { segmentRole } from "./segment.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

export interface RouterProps {
  readonly plan: KabupatenPlan;
  readonly router: RouterPlan;
  readonly carrier: ConfigCarrier;
  /** Networks of this stack, which must exist first. */
  readonly networks: readonly ITerraformDependable[];
}

/** A router of the WAN or a tenant's gateway: one BIRD in one container, configured through the carrier's volume. */
export class Router extends Construct {
  readonly container: Container;

  constructor(context: StackContext, { plan, router, carrier, networks }: RouterProps) {
    super(context.scope, `${router.role}-${router.name}`);
    const moves = router.recordsMoves === true ? movesVolume(this, context, router) : undefined;
    const definition = {
      hostname: router.role === "gateway" ? `gateway-${router.name}` : router.name,
      command: [router.name],
      dns: [plan.dns.asked.ipv4.text, plan.dns.asked.ipv6.text],
      networkMode: "bridge",
      networksAdvanced: [
        ...router.interfaces.map(({ segment, address }) => ({
          name: networkName(plan, segment),
          ipv4Address: address.ipv4.text,
          ipv6Address: address.ipv6.text,
        })),
        ...(router.exit ? [outerEndpoint(plan, router.exit)] : []),
      ],
      capabilities: {
        add: ["CAP_NET_ADMIN", "CAP_NET_RAW"],
        drop: ["ALL"],
      },
      securityOpts: ["no-new-privileges:true"],
      sysctls: FORWARDING,
      ...BOUNDED_ROOT,
      volumes: [
        { volumeName: carrier.volumeName, containerPath: "/etc/simpul", readOnly: true },
        ...(moves === undefined ? [] : [{ volumeName: moves.name, containerPath: MOVES_PATH }]),
      ],
    };
    this.container = new Container(this, "container", {
      // The outer segment's own shape too: it can only be made anew when nothing stands on it.
      ...identity(
        context,
        router.role,
        router.name,
        router.exit ? [definition, outerShape(plan)] : definition,
      ),
      ...definition,
      image: imageId(context, "router"),
      memory: 128,
      // BFD counts in tenths of a second: a busy neighbour on the same engine must not make a router look dead
      cpuShares: 4096,
      memorySwap: 128,
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      destroyGraceSeconds: 5,
      dependsOn: [carrier.container, ...networks, ...(moves === undefined ? [] : [moves.volume])],
    });
  }
}

/** Where images/router/moves.sh keeps its record. */
const MOVES_PATH = "/var/lib/simpul-moves";

/** Outlives the container: what was moved to another site must not come back with a new image. */
function movesVolume(scope: Construct, context: StackContext, { name }: RouterPlan) {
  const own = { ...context, role: "config" as const, name: `moves-${name}` };
  const volume = new Volume(scope, "moves", identity(context, own.role, own.name, {}));
  // Plain, not a token: as with the carrier's.
  return { volume, name: engineName(own) };
}

function outerEndpoint(
  { name: kabupaten }: KabupatenPlan,
  { segment, ipv4, ipv6 }: ExitPlan,
): { name: string; ipv4Address: string; ipv6Address?: string } {
  return {
    name: engineName({ kabupaten, role: OUTER_ROLE, name: segment }),
    ipv4Address: ipv4.address.text,
    ...(ipv6 && { ipv6Address: ipv6.address.text }),
  };
}

function outerShape({ outer }: KabupatenPlan): readonly (string | undefined)[] {
  return [outer?.interface, outer?.ipv4.prefix.text, outer?.ipv6?.prefix.text];
}

/** Name of the Docker network that carries this segment, whichever stack made it. */
export function networkName(plan: KabupatenPlan, segment: string): string {
  const found = plan.segments.find(({ name }: SegmentPlan) => name === segment);
  if (found === undefined) throw new Error(`no segment ${segment} in the plan`);
  return engineName({ kabupaten: plan.name, role: segmentRole(found), name: segment });
}

/** A container's console is kept small: one server room has one disk. */
export const LOG_LIMITS = { "max-file": "2", "max-size": "2m" };

const FORWARDING = {
  "net.ipv4.conf.all.accept_redirects": "0",
  "net.ipv4.conf.all.rp_filter": "0",
  "net.ipv4.conf.all.send_redirects": "0",
  "net.ipv4.conf.default.rp_filter": "0",
  "net.ipv4.conf.default.send_redirects": "0",
  "net.ipv4.fib_multipath_hash_policy": "1",
  "net.ipv4.ip_forward": "1",
  "net.ipv6.conf.all.accept_ra": "0",
  "net.ipv6.conf.all.disable_ipv6": "0",
  "net.ipv6.conf.all.forwarding": "1",
  "net.ipv6.conf.default.accept_dad": "0",
  "net.ipv6.fib_multipath_hash_policy": "1",
};
