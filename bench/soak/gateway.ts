import { abandonSessions } from "./gateway-abandoned.ts";
import { callInChaos } from "./gateway-chaos.ts";
import { reloadUnderLoad } from "./gateway-reloads.ts";
import type { SoakReport } from "./report.ts";

/** Sizes of {@link soakGateway}. */
export interface GatewaySoak {
  readonly calls: number;
  /** Callers, each with a key of its own. */
  readonly clients: number;
  readonly reloads: number;
  /** 2025-era sessions that are opened, used once and never ended. */
  readonly sessions: number;
}

/** The gateway with servers that die, entries that change and clients that go away. */
export async function soakGateway({ calls, clients, reloads, sessions }: GatewaySoak): Promise<SoakReport> {
  const parts = [
    await callInChaos({ calls, clients }),
    await reloadUnderLoad(reloads),
    await abandonSessions(sessions),
  ];
  return {
    facts: Object.assign({}, ...parts.map(({ facts }) => facts)),
    failures: parts.flatMap(({ failures }) => failures),
  };
}
