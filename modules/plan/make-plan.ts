import type { Diagnostic } from "../core/diagnostic.ts";
import type { DualPrefix } from "../core/dual.ts";
import { Address } from "../core/address.ts";
import { isHostOf } from "../core/interface-address.ts";
import { stableHex } from "../core/stable-hash.ts";
import type { OuterAddress } from "../inventory/internet-model.ts";
import type { Inventory } from "../inventory/model.ts";
import { colocationPlans } from "./colocation-plan.ts";
import { planAddresses, seatKey, type AddressPlan } from "./address-plan.ts";
import { planBackup } from "./backup-plan.ts";
import { checkCapacity } from "./capacity.ts";
import type { DnsPlan } from "./dns-plan.ts";
import { planDrc } from "./drc-plan.ts";
import { planEdge } from "./edge-plan.ts";
import { planFailover } from "./failover-plan.ts";
import { strayDeviceAddresses } from "./device-findings.ts";
import { managementPlan, planFirewalls } from "./firewall-plan.ts";
import { internetAccess } from "./internet-access.ts";
import { planExit } from "./internet-plan.ts";
import type { KabupatenPlan, OuterSegmentPlan, SegmentPlan } from "./kabupaten-plan.ts";
import { checkRacks } from "./check-racks.ts";
import { newLockEntries } from "./lock-entries.ts";
import { notLocked } from "./plan-findings.ts";
import type { ExitPlan } from "./router-plan.ts";
import { checkQuota } from "./quota.ts";
import { firstHost, planRouters } from "./routing.ts";
import { engineAddress } from "./segment-hosts.ts";
import { checkSites } from "./site-findings.ts";
import { ASKED_RESOLVER, seatServers, type ServerSeat } from "./servers.ts";
import { layOut, type SegmentSeat } from "./topology.ts";
import { INTERNET_STACK } from "./part-names.ts";
import type { ServerPlan, VpsPlan } from "./vps-plan.ts";
import { isRunning, keptVps } from "./vps-state.ts";
import { planZones } from "./zones.ts";

/** Enough for a web server with a database, too few for a fork bomb to reach the engine. */
const VPS_PIDS = 1024;

/**
 * Turns an inventory into everything that is to be, or into findings that say why it cannot be. Pure: the same
 * inventory gives the same plan on every machine. There is no plan when a finding is an error.
 */
export function makePlan(inventory: Inventory): {
  readonly plan?: KabupatenPlan;
  readonly findings: readonly Diagnostic[];
} {
  const { kabupaten } = inventory;
  const block = { ipv4: kabupaten.addressing.ipv4, ipv6: kabupaten.addressing.ipv6 };
  const topology = layOut(inventory);
  const servers = seatServers(inventory);
  const addresses = planAddresses(inventory, topology, servers);
  const found = [
    ...checkCapacity(inventory),
    ...checkQuota(inventory),
    ...checkRacks(inventory),
    ...checkSites(inventory),
    ...addresses.findings,
  ];
  if (found.some(({ severity }) => severity === "error")) return { findings: found };

  const zones = planZones(inventory, topology.routers, servers, addresses.result);
  const management = managementPlan(inventory, addresses.result);
  const firewallOf = planFirewalls(inventory, addresses.result, servers, block, management);
  const access = internetAccess(inventory);
  const exit = access && planExit(access, inventory, addresses.result, servers);
  const strays = strayDeviceAddresses(topology, addresses.result);
  const findings = [...found, ...zones.findings, ...strays];
  if (findings.some(({ severity }) => severity === "error")) return { findings };
  const edges = servers.filter(({ role }) => role === "edge");
  const edge = planEdge(
    inventory,
    addresses.result,
    edges.map((seat) => serverPlan(seat, addresses.result)),
    block,
  );
  const routers = planRouters(topology, addresses.result, servers, firewallOf, exit);
  const vps = vpsPlans(inventory, servers, addresses.result);
  const planned = (name: string): ServerPlan =>
    serverPlan(
      servers.find((seat) => seat.name === name)!,
      addresses.result,
    );
  const drc = planDrc(inventory, vps, routers, planned);
  const failover = planFailover(inventory, addresses.result, planned);
  const backup = planBackup(inventory, addresses.result, planned);
  const plan: KabupatenPlan = {
    name: kabupaten.name,
    title: kabupaten.title,
    domain: kabupaten.domain.text,
    block,
    management,
    allocations: addresses.result.allocations,
    asns: addresses.result.asns,
    stacks: topology.stacks,
    segments: topology.segments.map((seat) => segmentPlan(kabupaten.name, seat, addresses.result)),
    routers,
    vps,
    colocation: colocationPlans(inventory, planned),
    dns: dnsPlan(servers, addresses.result, zones.result, block),
    ...(edge !== undefined && { edge }),
    ...(drc !== undefined && { drc }),
    ...(failover !== undefined && { failover }),
    ...(backup !== undefined && { backup }),
    ...(exit !== undefined && { outer: outerSegment(kabupaten.name, exit) }),
  };
  return { plan, findings: [...findings, ...pending(inventory, plan)] };
}

function pending({ kabupaten, lock }: Inventory, plan: KabupatenPlan): readonly Diagnostic[] {
  const keys = [...newLockEntries(plan, lock).keys()];
  if (keys.length === 0) return [];
  return [notLocked({ ...kabupaten.origin.at("addressing"), file: kabupaten.origin.file }, keys)];
}

function segmentPlan(kabupaten: string, seat: SegmentSeat, addresses: AddressPlan): SegmentPlan {
  const { name, kind, stack } = seat;
  const prefix = addresses.segments.get(name)!;
  return {
    name,
    kind,
    stack,
    prefix,
    engineAddress: engineAddress(prefix),
    bridge: `smp${stableHex(`${kabupaten}/${kind}/${name}`, 12)}`,
  };
}

/** The segment towards the provider: known to the exit alone, and none of our address plan. */
function outerSegment(kabupaten: string, exit: ExitPlan): OuterSegmentPlan {
  const { segment, interface: port, ipv4, ipv6 } = exit;
  return {
    name: segment,
    stack: INTERNET_STACK,
    ...(port !== undefined && { interface: port }),
    ipv4: { prefix: ipv4.prefix, engineAddress: spareAddress(ipv4) },
    ...(ipv6 && { ipv6: { prefix: ipv6.prefix, engineAddress: spareAddress(ipv6) } }),
    bridge: `smp${stableHex(`${kabupaten}/outer/${segment}`, 12)}`,
  };
}

/** An address that neither we nor the provider have; on a /30 there is none, and the provider's stands for it. */
function spareAddress({ address, prefix, gateway }: OuterAddress): Address {
  for (let offset = 2n; offset < 5n && offset < prefix.size; offset++) {
    const spare = Address.inside(prefix, prefix.size - offset);
    if (![address.text, gateway.text].includes(spare.text) && isHostOf(spare, prefix)) return spare;
  }
  return gateway;
}

function serverPlan(seat: ServerSeat, addresses: AddressPlan): ServerPlan {
  const { name, stack, tenant, hostname, service } = seat;
  return {
    name,
    stack,
    segment: tenant,
    address: addresses.hosts.get(seatKey(tenant, name))!,
    gateway: firstHost(addresses.segments.get(tenant)!),
    service: addresses.services.get(service)!,
    hostname,
  };
}

function vpsPlans(
  inventory: Inventory,
  servers: readonly ServerSeat[],
  addresses: AddressPlan,
): readonly VpsPlan[] {
  const seats = new Map(servers.map((seat) => [seat.name, seat]));
  return keptVps(inventory).map((vps) => ({
    ...serverPlan(seats.get(vps.name)!, addresses),
    role: "vps" as const,
    owner: vps.owner,
    running: isRunning(vps),
    cpu: vps.cpu,
    memoryBytes: vps.memory.bytes,
    diskBytes: vps.disk.bytes,
    pids: VPS_PIDS,
    image: vps.image,
    packages: vps.packages,
    timezone: inventory.kabupaten.timezone,
    authorizedKeys: vps.sshKeys.map(({ text }) => text),
  }));
}

function dnsPlan(
  servers: readonly ServerSeat[],
  addresses: AddressPlan,
  zones: DnsPlan["zones"],
  clients: DualPrefix,
): DnsPlan {
  const planned = (role: ServerSeat["role"]): readonly ServerPlan[] =>
    servers.filter((seat) => seat.role === role).map((seat) => serverPlan(seat, addresses));
  return {
    zones,
    primary: planned("primary")[0]!,
    secondaries: planned("secondary"),
    resolvers: planned("resolver"),
    asked: addresses.services.get(ASKED_RESOLVER)!,
    clients,
  };
}
