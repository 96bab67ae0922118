import type { VpsPlan } from "../../modules/plan/vps-plan.ts";
import type { ContainmentLab } from "./containment-lab.ts";

/** Doors that a VPS tries at a time. */
const AT_ONCE = 60;

/**
 * The doors (`10.1.2.3 22`) from which a VPS gets any answer at all, tried from inside by its owner. Its own SSH server
 * is tried as well, and must answer: else the silence of the others says nothing.
 */
export async function reached(
  { login }: ContainmentLab,
  from: VpsPlan,
  hosts: readonly string[],
  ports: readonly number[],
): Promise<readonly string[]> {
  const own = [`${from.service.ipv4.text} 22`, `${from.service.ipv6.text} 22`];
  const doors = hosts.flatMap((host) => ports.map((port) => `${host} ${port}`));
  const asked = [...own, ...new Set(doors)].map(
    (door, index) => `ask ${door} &${index % AT_ONCE === AT_ONCE - 1 ? "\nwait" : ""}`,
  );
  const { stdout } = await login(
    from,
    `ask() {
  said=$(nc -n -v -z -w 2 "$@" 2>&1 </dev/null)
  case $said in *succeeded*|*refused*) echo "$*" ;; esac
}
${asked.join("\n")}
wait`,
  );
  const answered = stdout.trim().split("\n").toSorted();
  if (!own.every((door) => answered.includes(door))) throw new Error(`no sweep: ${stdout}`);
  return answered.filter((door) => !own.includes(door));
}
