import type { Engine } from "../engine/docker-engine.ts";
import type { ExitPlan, RouterPlan } from "../plan/router-plan.ts";
import { FAMILIES } from "../render/bird-names.ts";
import { outerNumber } from "../render/router-addresses.ts";
import { runInside, sections } from "./run-inside.ts";

/** What one look into the exit tells beside what every router does. */
export interface ExitObservation {
  /** Addresses that packets leave under, as the packet filter has them in force. */
  readonly translations: ReadonlySet<string>;
  /** By interface group, then by the class's minor number: bits per second that it never exceeds. */
  readonly ceilings: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** The provider's next hops that answered a ping. */
  readonly gatewaysThatAnswer: ReadonlySet<string>;
}

/** Interface groups of the exit: towards the Pusat Data, and towards the provider. */
export function exitGroups(router: RouterPlan): readonly number[] {
  return [...router.interfaces.map((_, at) => at + 1), outerNumber(router)];
}

/** All that is asked of the exit, in one execution. */
export async function observeExit(
  engine: Engine,
  container: string,
  router: RouterPlan,
  exit: ExitPlan,
): Promise<ExitObservation> {
  const gateways = FAMILIES.flatMap(({ key }) => exit[key]?.gateway.text ?? []);
  const { stdout } = await runInside(engine, container, look(exitGroups(router), gateways), 20);
  return parseExit(stdout);
}

/** Numbers and addresses come from the plan and are canonical: nothing in them needs quoting. */
function look(groups: readonly number[], gateways: readonly string[]): string {
  return [
    `echo "== translation"; nft list chain inet simpul translation`,
    ...groups.map(
      (group) =>
        `echo "== classes${group}"; ip -oneline link show group ${group} | ` +
        `while read -r _ device _; do device=\${device%:}; tc class show dev "\${device%@*}"; done`,
    ),
    `echo "== gateways"`,
    ...gateways.map((address) => `ping -c 3 -i 0.3 -W 1 ${address} >/dev/null && echo ${address}`),
    "true",
  ].join("\n");
}

/** Reads the output of the look; what is missing from it counts as not there. */
export function parseExit(output: string): ExitObservation {
  const parts = sections(output);
  const classes = [...parts].flatMap(([name, text]) => {
    const group = /^classes(\d+)$/.exec(name)?.[1];
    return group === undefined ? [] : [[Number(group), parseCeilings(text)] as const];
  });
  return {
    translations: new Set(
      Array.from(
        (parts.get("translation") ?? "").matchAll(/ snat ip6? to ([0-9a-f.:]+)/g),
        ([, address]) => address!,
      ),
    ),
    ceilings: new Map(classes),
    gatewaysThatAnswer: new Set((parts.get("gateways") ?? "").split("\n").filter(Boolean)),
  };
}

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9 };

/** `class htb 1:10 parent 1:1 leaf 10: prio 1 rate 13350Kbit ceil 20Mbit burst ...` */
function parseCeilings(text: string): ReadonlyMap<number, number> {
  const lines = text.matchAll(/^class htb 1:([0-9a-f]+) .* ceil (\d+)([KMG]?)bit/gm);
  return new Map(
    Array.from(lines, ([, minor, count, unit]) => [
      parseInt(minor!, 16),
      Number(count) * UNITS[unit!]!,
    ]),
  );
}
