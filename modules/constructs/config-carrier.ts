import { stableHex } from "../core/stable-hash.ts";
import { engineName } from "../plan/engine-names.ts";
import { bundle, type ConfigFile } from "../render/config-file.ts";
import { Construct, Container, Volume } from "./cdktf.ts";
import { identity, imageId, literal, type StackContext } from "./stack-context.ts";

export interface ConfigCarrierProps {
  /** Slug of what it configures: the stack, or one role in it. */
  readonly name: string;
  /** Folder of the image whose parser tests the files. */
  readonly image: string;
  readonly files: readonly ConfigFile[];
}

/**
 * Brings configuration into a volume: a container that runs once on the role's own image, has its parser test every
 * file and only then moves them into place. A refusal fails the apply, and what depends on it is not touched.
 */
export class ConfigCarrier extends Construct {
  /** Plain, not a token: names of tokens differ from one synthesis to the next, and hashes of them with it. */
  readonly volumeName: string;
  readonly container: Container;

  constructor(context: StackContext, props: ConfigCarrierProps) {
    super(context.scope, `config-${props.name}`);
    const text = bundle(props.files);
    const volume = new Volume(this, "volume", identity(context, "config", props.name, {}));
    this.volumeName = engineName({ ...context, role: "config", name: props.name });
    this.container = new Container(this, "carrier", {
      ...identity(context, "config", props.name, stableHex(text, 16)),
      image: imageId(context, props.image),
      entrypoint: ["/usr/local/bin/simpul-carrier"],
      // nft tests a ruleset only with this capability, in a namespace of its own
      capabilities: { add: ["CAP_NET_ADMIN"], drop: ["ALL"] },
      networkMode: "none",
      attach: true,
      logs: true,
      mustRun: false,
      logDriver: "json-file",
      restart: "no",
      volumes: [{ volumeName: volume.name, containerPath: "/etc/simpul" }],
      upload: [{ file: "/bundle", content: literal(text) }],
      lifecycle: {
        postcondition: [
          {
            condition: "${self.exit_code == 0}",
            errorMessage: `the configuration ${props.name} was refused by its own parser; nothing was changed`,
          },
        ],
      },
    });
  }
}
