import { expect } from "vitest";
import { conformanceFleet } from "../../../examples/conformance-server/fleet.ts";
import { conformanceGateway } from "../../../examples/conformance-server/gateway.ts";
import { conformanceServer } from "../../../examples/conformance-server/server.ts";
import { isGreen } from "../../../scripts/conformance/page.ts";
import { runSuite, type Scenario } from "../../../scripts/conformance/suite.ts";
import { verifies } from "../verifies.ts";

/** What went wrong, scenario by scenario. */
function troubles(scenarios: readonly Scenario[]): readonly string[] {
  return scenarios
    .filter((scenario) => !isGreen(scenario))
    .map(({ name, problems }) => `${name}: ${problems.join("; ")}`);
}

for (const [revision, required] of [
  ["2025-11-25", 30],
  ["2026-07-28", 37],
] as const) {
  verifies(
    ["CONF-13"],
    `a server of public parts passes ${revision}`,
    async () => {
      const server = conformanceServer();
      try {
        const { url } = await server.listen();
        const scenarios = await runSuite(revision, url.replace("127.0.0.1", "localhost"));
        const scored = scenarios.filter(({ unscored }) => unscored === undefined);
        expect(scored).toHaveLength(required);
        expect(troubles(scored)).toEqual([]);
        expect(scored.every(({ passed }) => passed > 0)).toBe(true);
      } finally {
        await server.close();
      }
    },
    120_000,
  );
}

verifies(
  ["CONF-14"],
  "tools of a worker pass through the hub",
  async () => {
    const fleet = await conformanceFleet();
    try {
      const scenarios = await runSuite("2026-07-28", fleet.url.replace("127.0.0.1", "localhost"));
      const tools = scenarios.filter(({ name }) => name.startsWith("tools-"));
      expect(tools).toHaveLength(8);
      expect(troubles(tools)).toEqual([]);
    } finally {
      await fleet.close();
    }
  },
  120_000,
);

// The revision of 2026 and a server over HTTP are left to `npm run conformance -- --check`, where each is run once.
verifies(
  ["GTW-36"],
  "what 2025-11-25 requires passes through the gateway to a server over stdio",
  async () => {
    const gateway = await conformanceGateway("stdio");
    try {
      const scenarios = await runSuite("2025-11-25", gateway.url.replace("127.0.0.1", "localhost"));
      const scored = scenarios.filter(({ unscored }) => unscored === undefined);
      expect(scored).toHaveLength(30);
      expect(troubles(scored)).toEqual([]);
    } finally {
      await gateway.close();
    }
  },
  120_000,
);
