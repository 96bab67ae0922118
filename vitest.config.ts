import { tmpdir } from "node:os";
import { join } from "node:path";

import { defineConfig } from "vitest/config";

/** What deploys, breaks or measures something on the engine; its times are only worth something when it runs alone. */
const ON_THE_ENGINE = ["test/{setup,twin}/**/*.test.ts"];

/** Commands under test keep what they prove outside the repository. */
const EVIDENCE = join(tmpdir(), `simpul-test-evidence-${process.pid}`);

export default defineConfig({
  test: {
    env: { SIMPUL_EVIDENCE: EVIDENCE },
    projects: [
      {
        test: {
          name: "code",
          include: ["test/**/*.test.ts"],
          exclude: ON_THE_ENGINE,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "engine",
          include: ON_THE_ENGINE,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
