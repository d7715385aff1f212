import type { Io } from "@parley/cli";
import type { Clock } from "@parley/core";
import type { McpClient, McpClientOptions } from "@parley/mcp-client";

/** What the commands reach for outside of their {@link Io}; all of it replaceable in tests. */
export interface Dependencies {
  /** Default `createMcpClient` of `@parley/mcp-client`. */
  readonly connect?: ((options: McpClientOptions) => McpClient) | undefined;
  /** Standard input as text. */
  readonly readInput?: (() => Promise<string>) | undefined;
  /** Whether questions can be put to a person. Default whether standard input and error are terminals. */
  readonly terminal?: boolean | undefined;
  readonly confirm?: ((question: string, signal: AbortSignal) => Promise<boolean>) | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds between two looks at a job. Default 1000. */
  readonly pollMs?: number | undefined;
}

/** What every command gets. */
export interface CommandInput {
  readonly args: readonly string[];
  /** Raw flags, global ones included. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly io: Io;
  readonly dependencies: Dependencies;
}
