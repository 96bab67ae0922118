import { defineConfig } from "vitest/config";

/** What deploys, breaks or measures something on the engine; its times are only worth something when it runs alone. */
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
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
