import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

import { defineConfig } from "vitest/config";

import { onMachines } from "./test/machine/machine-pool.ts";

/** What deploys, breaks or measures something on an engine, each file on a machine of its own. */
const ON_AN_ENGINE = ["test/{setup,twin}/**/*.test.ts"];
/** Of these, what measures times that are promised: nothing else runs meanwhile. */
const ALONE = ["test/twin/{dns-service,internet-bandwidth,router-wan,wan-failures}.test.ts"];

const PROCESSORS = availableParallelism();

/** Whoever hangs is told so late: no test may fail because the machine is busy. */
const engine = { pool: onMachines(), testTimeout: 240_000, hookTimeout: 300_000 };

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
          exclude: ON_AN_ENGINE,
          maxWorkers: PROCESSORS,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...engine,
          name: "engine",
          include: ON_AN_ENGINE,
          exclude: ALONE,
          // Half of their time they wait.
          maxWorkers: PROCESSORS + 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...engine,
          name: "alone",
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
