import { engineName } from "../plan/engine-names.ts";
import { Construct, Volume } from "./cdktf.ts";
import { HostStep } from "./host-step.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

/** A volume that a host step fills from the secrets' folder: nothing of it is in state, plan or logs. */
export class SecretsVolume extends Construct {
  readonly volumeName: string;
  readonly step: HostStep;

  /** @param image folder of the image whose carrier takes the secrets in */
  constructor(
    context: StackContext,
    name: string,
    imageFolder: string,
    from: { readonly directory: string; readonly fingerprint: string },
  ) {
    super(context.scope, `secrets-${name}`);
    const own = `${name}-secrets`;
    const volume = new Volume(this, "volume", identity(context, "config", own, {}));
    this.volumeName = engineName({ ...context, role: "config", name: own });
    const image = imageId(context, imageFolder);
    this.step = new HostStep(context, {
      id: `secrets-${name}-fill`,
      args: ["secrets", this.volumeName, "--from", from.directory, "--image", image],
      triggers: [volume.id, from.fingerprint, image],
    });
  }
}
