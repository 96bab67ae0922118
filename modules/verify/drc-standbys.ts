import type { Diagnostic } from "../core/diagnostic.ts";
import type { Engine } from "../engine/docker-engine.ts";
import { standbyContainer } from "../engine/standby.ts";
import type { DrcPlan, StandbyPlan } from "../plan/drc-plan.ts";
import { engineName } from "../plan/engine-names.ts";
import { databaseOn } from "../plan/failover-plan.ts";
import { absentContainer } from "./absent-container.ts";
import type { VerifyContext } from "./topic.ts";

/** Each standby against its server: there, stopped or at work, of the same image. */
export async function compareStandbys(
  { plan, engine, containers, placeOf }: VerifyContext,
  { standbys }: DrcPlan,
): Promise<{
  readonly findings: readonly Diagnostic[];
  readonly ready: number;
  readonly active: number;
}> {
  const names = standbys.map((standby) => ({
    standby,
    container: standbyContainer(plan.name, standby),
    server: engineName({ kabupaten: plan.name, role: "vps", name: standby.standsFor }),
  }));
  const images = await imagesOf(
    engine,
    names.flatMap(({ container, server }) => [container, server]),
  );
  const findings = names.flatMap(({ standby, container, server }) => {
    const state = containers.get(container);
    const at = placeOf(standby.standsFor);
    const found = [
      ...(state === undefined
        ? [absentContainer("standby-missing", title(standby), container, undefined)]
        : []),
      ...otherImage(standby, images.get(container), images.get(server)),
      ...(state?.running === true &&
      containers.get(server)?.running === true &&
      databaseOn(plan.failover, standby.name) === undefined
        ? [runsTwice(standby, container)]
        : []),
    ];
    return found.map((finding) => ({ ...finding, ...(at && { at }) }));
  });
  const there = names.map(({ container }) => containers.get(container));
  return {
    findings,
    ready: there.filter((state) => state?.running === false).length,
    active: there.filter((state) => state?.running === true).length,
  };
}

function title({ name, standsFor }: StandbyPlan): string {
  return `the standby ${name} of ${standsFor}`;
}

/** Id of the image of each container that is there. */
async function imagesOf(
  engine: Engine,
  containers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (containers.length === 0) return new Map();
  const format = ["--format", "{{.Name}} {{.Image}}"];
  const { stdout } = await engine.run(["docker", "container", "inspect", ...format, ...containers]);
  const lines = stdout.split("\n").filter((line) => line.includes(" "));
  return new Map(
    lines.map((line) => {
      const [name = "", image = ""] = line.split(" ");
      return [name.replace(/^\//, ""), image] as const;
    }),
  );
}

function otherImage(
  standby: StandbyPlan,
  own: string | undefined,
  servers: string | undefined,
): readonly Diagnostic[] {
  if (own === undefined || servers === undefined || own === servers) return [];
  return [
    {
      id: "standby-image-differs",
      severity: "warning",
      what: `${title(standby)} is made of another image than the server`,
      why: "what runs at the Pusat Data may not run on it",
      fix: `simpul deploy --replace vps/${standby.name} makes it anew; its volume stays`,
    },
  ];
}

function runsTwice(standby: StandbyPlan, container: string): Diagnostic {
  return {
    id: "standby-runs-too",
    severity: "error",
    what: `${title(standby)} runs, and so does the server`,
    why: "two of the same send mail and run tasks twice, and what one of them is given the other does not have",
    fix: `see which of them its address leads to (simpul verify drc), and stop the other: docker stop ${container} for the standby`,
  };
}
