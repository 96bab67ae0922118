import { readFileSync } from "node:fs";
import path from "node:path";

import { ROOT } from "../../stacks/prepare.ts";

/** Debian's FRR, built by setup where tests run (scripts/test.sh). */
export function frrImage(): string {
  const index = JSON.parse(readFileSync(path.join(ROOT, ".simpul/images.json"), "utf8")) as Record<
    string,
    { readonly id: string } | undefined
  >;
  const image = index["frr-device"];
  if (image === undefined)
    throw new Error("the image frr-device is not built; run SIMPUL_TEST_IMAGES=1 scripts/setup.sh");
  return image.id;
}
