import type { MountStatus } from "@parley/mount";
import type { GatewayServer } from "../config/gateway-config.ts";
import { explainStart } from "./explain-start.ts";
import type { ClientSurroundings } from "./open-client.ts";

/** What a program wrote before it ended, for the reason of its state. */
export interface LastWords {
  /** Those given, listening to what the program writes. */
  readonly surroundings: ClientSurroundings;
  /** The reason of a state, beginning with what is missing where that can be told. */
  explain(status: MountStatus): string | undefined;
}

/** An uncaught error is a dozen lines, of which the first says what is missing. */
const maxLines = 40;
const maxLength = 500;

export function createLastWords({ connection }: GatewayServer, surroundings: ClientSurroundings): LastWords {
  const lines: string[] = [];
  let isUp = false;
  const keep = (line: string): void => {
    lines.push(line.slice(0, maxLength).replaceAll(/[\p{Cc}\p{Cf}]+/gu, " "));
    if (lines.length > maxLines) lines.shift();
  };
  return {
    surroundings: {
      ...surroundings,
      onStderr(server, line) {
        keep(line);
        surroundings.onStderr?.(server, line);
      },
    },
    explain({ state, reason, code }) {
      const wasUp = isUp;
      isUp = state === "ready";
      // What it wrote while it was up says nothing about a start.
      if (isUp || wasUp) lines.length = 0;
      if (reason === undefined || connection.kind !== "stdio" || state !== "unreachable" || wasUp)
        return reason;
      const hint = explainStart(connection, { code, lines: [...lines, reason] });
      if (hint === undefined) return reason;
      return code === "E_EXEC_NOT_FOUND" ? `${hint}.` : `${hint}. ${reason}`;
    },
  };
}
