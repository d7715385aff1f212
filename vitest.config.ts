import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const conditions = ["@parley/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/**/test/**/*.test.ts", "apps/**/test/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // Much of a test here is waiting for a process: two share two cores well, where one would be the default.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
