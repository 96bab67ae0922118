import { engineName } from "../plan/engine-names.ts";
import { Construct, type ITerraformDependable } from "./cdktf.ts";
import { HostStep } from "./host-step.ts";
import type { StackContext } from "./stack-context.ts";

/**
 * A folder of secrets on the engine's host, of which each container mounts one folder: one step places those of many. That
 * of a server, `server`, belongs to the user as whom it runs; all others to root.
 */
export class SecretsFolder extends Construct {
  readonly resource: ITerraformDependable;
  readonly #name: string;

  constructor(
    context: StackContext,
    name: string,
    from: { readonly directory: string; readonly fingerprint: string },
  ) {
    super(context.scope, `secrets-${name}`);
    this.#name = engineName({ ...context, role: "config", name: `${name}-secrets` });
    this.resource = new HostStep(context, {
      id: `secrets-${name}-place`,
      args: ["place-secrets", this.#name, "--from", from.directory, "--owner", BACKUP_USER],
      triggers: [from.fingerprint],
    }).resource;
  }

  /** On the engine's host. */
  pathOf(folder: string): string {
    return `/var/lib/simpul/secrets/${this.#name}/${folder}`;
  }
}

/** The user `backup` of Debian. */
const BACKUP_USER = "34";
