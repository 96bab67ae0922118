import { defineConfig } from "vitest/config";

import { onMachines } from "./test/machine/machine-pool.ts";

/** What deploys, breaks or measures something on an engine. */
const ON_THE_ENGINE = ["test/{setup,twin}/**/*.test.ts"];

export default defineConfig({
  test: {
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
          pool: onMachines(),
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
