import { expect } from "vitest";
import { soakGateway } from "../../../bench/soak/gateway.ts";
import { verifies } from "../verifies.ts";

verifies(
  ["GTW-136"],
  "a few thousand calls in chaos, a few reloads under load and some abandoned sessions",
  async () => {
    const { facts, failures } = await soakGateway({ calls: 3000, clients: 60, reloads: 4, sessions: 40 });
    expect(failures).toEqual([]);
    expect(facts).toMatchObject({
      misrouted: 0,
      failedDuringReloads: 0,
      programsBefore: 1,
      programsAfter: 1,
    });
    expect(facts["answered"]).toBeGreaterThan(2700);
    expect(facts["kills"]).toBeGreaterThan(0);
    expect(facts["callsDuringReloads"]).toBeGreaterThan(0);
  },
  180_000,
);
