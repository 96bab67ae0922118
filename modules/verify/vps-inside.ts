import { machinesInRacks, serversOnEngines } from "../plan/colocation-plan.ts";
import type { TenantServerPlan } from "../plan/vps-plan.ts";
import { connectAll, type Connection, type ConnectionAnswer } from "./connect-sweep.ts";
import { pingAll, type PingAnswer } from "./ping-sweep.ts";
import { confined, runInside, sections } from "./run-inside.ts";
import type { GroupOutcome, VerifyContext } from "./topic.ts";
import { vpsContainer } from "./vps-container.ts";
import { compareInside, hostAddresses, type InsideView } from "./vps-inside-compare.ts";

/** From inside every VPS that runs: neither the engine's host nor another tenant answers, and no login is powerful. */
export async function checkInside(context: VerifyContext): Promise<GroupOutcome<void>> {
  const { plan, containers } = context;
  const running = serversOnEngines(plan).filter(
    (vps) => vps.running && containers.get(vpsContainer(plan, vps))?.running === true,
  );
  const views = await Promise.all(
    running.map(async (vps) => ({ vps, view: await observeInside(context, vps) })),
  );
  return {
    findings: views.flatMap(({ vps, view }) => {
      const at = context.placeOf(vps.name);
      return compareInside(plan, vps, view).map((finding) => ({
        ...finding,
        ...(at !== undefined && { at }),
      }));
    }),
    measured: {
      inside_looked: views.length,
      inside_forbidden_answers: views.reduce(
        (sum, { view }) => sum + view.answered.length + view.connected.length,
        0,
      ),
    },
    said: `${views.length} looked out of`,
    result: undefined,
  };
}

async function observeInside(
  { plan, engine: free }: VerifyContext,
  vps: TenantServerPlan,
): Promise<InsideView> {
  const engine = confined(free);
  const container = vpsContainer(plan, vps);
  const others = [...serversOnEngines(plan), ...machinesInRacks(plan)].filter(
    ({ segment, running }) => segment !== vps.segment && running,
  );
  const own = [vps.service.ipv4.text, vps.service.ipv6.text];
  const targets = [
    ...hostAddresses(plan, vps),
    ...others.flatMap(({ service, address }) =>
      [service.ipv4, service.ipv6, address.ipv4, address.ipv6].map(({ text }) => text),
    ),
  ];
  const doors = others.flatMap(({ name, service }) =>
    ([4, 6] as const).map((family) => ({
      name,
      connection: {
        family,
        host: (family === 4 ? service.ipv4 : service.ipv6).text,
        port: 22,
        banner: false,
      } satisfies Connection,
    })),
  );
  const [pings, connections, look] = await Promise.all([
    pingAll(
      engine,
      container,
      [...own, ...targets].map((target) => ({ target })),
      1,
    ),
    connectAll(
      engine,
      container,
      doors.map(({ connection }) => connection),
    ),
    runInside(engine, container, lookScript(vps), 20),
  ]);
  const answered = pings
    .filter(({ rtt }: PingAnswer) => rtt !== undefined)
    .map(({ target }) => target);
  return {
    canPing: own.every((address) => answered.includes(address)),
    answered: answered.filter((address) => !own.includes(address)),
    connected: doors
      .filter((_, at) => isThrough(connections[at]!))
      .map(
        ({ name, connection }) => `${name} port ${connection.port} over IPv${connection.family}`,
      ),
    ...parseLook(look.stdout),
  };
}

function isThrough({ outcome }: ConnectionAnswer): boolean {
  return outcome === "open" || outcome === "refused";
}

/** The SSH server is the process that listens; a login inherits its bounding set. */
function lookScript({ hostname }: TenantServerPlan): string {
  return `
echo "== capabilities"; pid=$(pgrep -o -x sshd) && grep CapBnd "/proc/$pid/status"
echo "== disk"; mountpoint -q /data && df --block-size=1 --output=size /data | tail -n 1
echo "== names"; timeout 5 getent ahostsv4 ${hostname} >/dev/null && timeout 5 getent ahostsv6 ${hostname} | grep -qv "^::ffff:" && echo yes
`;
}

/** Reads what the look printed. */
export function parseLook(
  output: string,
): Pick<InsideView, "capabilities" | "diskBytes" | "resolves"> {
  const parts = sections(output);
  const mask = /CapBnd:\s*([0-9a-f]+)/.exec(parts.get("capabilities") ?? "")?.[1];
  const disk = /(\d+)/.exec(parts.get("disk") ?? "")?.[1];
  return {
    ...(mask !== undefined && { capabilities: BigInt(`0x${mask}`) }),
    ...(disk !== undefined && { diskBytes: Number(disk) }),
    resolves: (parts.get("names") ?? "").includes("yes"),
  };
}
