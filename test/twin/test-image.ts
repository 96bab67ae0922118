import { readFileSync } from "node:fs";
import path from "node:path";

import { ROOT } from "../../stacks/prepare.ts";

/** Id of an image that only tests start, built by setup where tests run (scripts/test.sh). */
export function testImage(role: "frr-device" | "edge-client" | "test-internet"): string {
  const index = JSON.parse(readFileSync(path.join(ROOT, ".simpul/images.json"), "utf8")) as Record<
    string,
    { readonly id: string } | undefined
  >;
  const image = index[role];
  if (image === undefined)
    throw new Error(`the image ${role} is not built; run SIMPUL_TEST_IMAGES=1 scripts/setup.sh`);
  return image.id;
}
