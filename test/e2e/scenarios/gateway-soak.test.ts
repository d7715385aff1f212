import { expect } from "vitest";
import { soakGateway } from "../../../bench/soak/gateway.ts";
import { verifies } from "../verifies.ts";

verifies(
  ["GTW-136"],
  "a few thousand calls in chaos, a few reloads under load and some abandoned sessions",
  async () => {
    const { facts, failures } = await soakGateway({ calls: 2000, clients: 40, reloads: 2, sessions: 20 });
    expect(failures).toEqual([]);
    expect(facts).toMatchObject({
      misrouted: 0,
      failedDuringReloads: 0,
      programsBefore: 1,
      programsAfter: 1,
    });
    expect(facts["answered"]).toBeGreaterThan(1800);
    expect(facts["kills"]).toBeGreaterThan(0);
    expect(facts["callsDuringReloads"]).toBeGreaterThan(0);
  },
  180_000,
);
