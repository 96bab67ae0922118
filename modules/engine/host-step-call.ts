import {
  blocksAt,
  mapAt,
  textAt,
  type Attributes,
  type Resources,
} from "./terraform-attributes.ts";

/** A call of `simpul host …` that a stack makes (modules/constructs/host-step.ts). */
export interface HostStepCall {
  /** `terraform_data.vps-ppdb-online-limits_step_49A4B759` */
  readonly address: string;
  /** `limits`, `volume`, `secrets`. */
  readonly step: string;
  /** What it works on, by its name on the engine. */
  readonly target: string;
  /** Options and their values: `cpus` is `2`. */
  readonly options: ReadonlyMap<string, string>;
  /** Values whose change makes it run again; a reference stays as it is. */
  readonly triggers: readonly string[];
}

const CALL = /^\S+ host (\S+) (\S+)(.*)$/;
const CONTAINER = /^\$\{docker_container\.([A-Za-z0-9_-]+)\.name\}$/;

/** The host steps of a synthesised stack; one that works on several containers is a call for each. */
export function readHostSteps(resources: Resources): readonly HostStepCall[] {
  return Object.entries(resources["terraform_data"] ?? {}).flatMap(([id, block]) => {
    const [provisioner = {}] = blocksAt(block, "provisioner");
    const [localExec = {}] = blocksAt(provisioner, "local-exec");
    const [, step = "", target = "", words = ""] = CALL.exec(textAt(localExec, "command")) ?? [];
    if (step === "") return [];
    const [, container = ""] = CONTAINER.exec(target) ?? [];
    const name = textAt(resources["docker_container"]?.[container] ?? {}, "name") || target;
    const options = [...words.matchAll(/ --(\S+) (\S+)/g)].map(
      ([, option = "", value = ""]) => [option, value] as const,
    );
    const triggers = mapAt(block, "triggers_replace").map(([, value]) => value);
    const address = `terraform_data.${id}`;
    return name
      .split(",")
      .map((one) => ({ address, step, target: one, options: new Map(options), triggers }));
  });
}

/**
 * The options as they were when the step last ran, by what a state remembers of its triggers: those that are plain are
 * the values of the options, in their order. Undefined where the step has not run yet.
 */
export function appliedOptions(
  call: HostStepCall,
  state: Attributes | undefined,
): ReadonlyMap<string, string> | undefined {
  if (state === undefined) return undefined;
  const { value = {} } = (state["triggers_replace"] ?? {}) as { readonly value?: Attributes };
  // Counted from the end: what it works on stands first, and may have been more or fewer then.
  const moved = Object.keys(value).length - call.triggers.length;
  const plain = call.triggers.flatMap((trigger, index) =>
    trigger.includes("${") ? [] : [textAt(value, String(index + moved))],
  );
  return new Map([...call.options].map(([option, now], index) => [option, plain[index] || now]));
}
