import { stableHex } from "../core/stable-hash.ts";
import { engineLabels, engineName, type EngineRole } from "../plan/engine-names.ts";
import type { TerraformStack } from "./cdktf.ts";

/** What every construct of one stack shares. */
export interface StackContext {
  readonly scope: TerraformStack;
  readonly kabupaten: string;
  /** Name of the stack: `backbone`. */
  readonly stack: string;
  /** Image id of each image folder: `router` is `sha256:…`. */
  readonly images: ReadonlyMap<string, string>;
  /** The `simpul` executable, absolute: host steps run it. */
  readonly simpul: string;
}

/** Name and labels of one engine object; `definition` is what the engine does not let anybody read back. */
export function identity(
  context: StackContext,
  role: EngineRole,
  name: string,
  definition: unknown,
): {
  readonly name: string;
  readonly labels: { readonly label: string; readonly value: string }[];
} {
  const object = { kabupaten: context.kabupaten, stack: context.stack, role, name };
  const labels = engineLabels(object, stableHex(JSON.stringify(definition), 16));
  return {
    name: engineName(object),
    labels: Object.entries(labels).map(([label, value]) => ({ label, value })),
  };
}

/** The image's id; that it is there is the synthesis's to check, before any construct is made. */
export function imageId({ images }: StackContext, folder: string): string {
  const id = images.get(folder);
  if (id === undefined) throw new Error(`no image ${folder}`);
  return id;
}

/** Text that Terraform must take as it is: `${` and `%{` would be evaluated as templates. */
export function literal(text: string): string {
  return text.replaceAll("${", "$${").replaceAll("%{", "%%{");
}
