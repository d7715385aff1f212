import { createMemoryDatabase } from "@parley/databases";
import type { Database } from "@parley/databases";
import { fakeClock } from "@parley/testing";
import type { FakeClock } from "@parley/testing";
import type { ToolResult } from "@parley/tool-registry";
import { settle } from "../src/hub/config.ts";
import type { HubSettings } from "../src/hub/config.ts";
import { Roster } from "../src/hub/roster.ts";
import type { RemoteTool } from "@parley/tool-registry";
import type { WorkerLink } from "../src/wire/link.ts";

export type Answering = (name: string, args: Readonly<Record<string, unknown>>) => unknown;

/** A link whose worker is a function; what it throws is thrown, what it gives is structured content. */
export function linkTo(answer: Answering, tools: readonly RemoteTool[] = []): WorkerLink {
  return {
    listTools: () => Promise.resolve(tools),
    async callTool(name, args): Promise<ToolResult> {
      return { content: [], structuredContent: await answer(name, args) };
    },
    close: () => Promise.resolve(),
  };
}

export interface TestFleet {
  readonly roster: Roster;
  readonly database: Database;
  readonly clock: FakeClock;
  readonly settings: HubSettings;
}

/** A roster over links a test gives, on a clock that stands still. */
export function testFleet(
  connect: (id: string) => WorkerLink = () => linkTo(() => ({})),
  database: Database = createMemoryDatabase(),
  secret = "potato",
): TestFleet {
  const clock = fakeClock();
  const settings = settle({ secret, heartbeatSeconds: 10 });
  const roster = new Roster({ settings, database, clock, connect: ({ id }) => connect(id) });
  return { roster, database, clock, settings };
}

export function registrationOf(id: string, more: object = {}) {
  return {
    id,
    url: `http://${id.replaceAll(/[^a-z0-9]/gi, "")}.example/mcp`,
    labels: {},
    manifest: {},
    instance: `inst-${id}`,
    credential: "c".repeat(20),
    ...more,
  };
}
