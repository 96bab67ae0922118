import { Construct, DataResource, type ITerraformDependable } from "./cdktf.ts";
import type { StackContext } from "./stack-context.ts";

export interface HostStepProps {
  readonly id: string;
  /** Arguments of `simpul host`; slugs, paths and numbers of the plan, quoted for the shell here. */
  readonly args: readonly string[];
  /** The step runs again when one of these changes. */
  readonly triggers: readonly string[];
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * What the docker provider cannot do and plain `cdktf deploy` must do too: size-limited volumes, process and processor
 * limits, secrets. Runs `simpul host …` once for each change of its triggers.
 */
export class HostStep extends Construct {
  readonly resource: DataResource;

  constructor(context: StackContext, { id, args, triggers, dependsOn = [] }: HostStepProps) {
    super(context.scope, id);
    this.resource = new DataResource(this, "step", {
      triggersReplace: [...triggers],
      provisioners: [
        {
          type: "local-exec",
          command: [context.simpul, "host", ...args].map(shellWord).join(" "),
        },
      ],
      dependsOn: [...dependsOn],
    });
  }
}

function shellWord(word: string): string {
  return /^[\w.,/:@=-]+$/.test(word) || word.startsWith("${")
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
