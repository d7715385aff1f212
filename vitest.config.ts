import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const conditions = ["@parley/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/**/test/**/*.test.ts", "apps/**/test/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Generous, since three runs may share two cores: it ends what hangs and judges no speed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Much of a test here is waiting for a process: two share two cores well, where one would be the default.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
