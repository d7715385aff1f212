import { isoTime, systemClock } from "@parley/core";
import type { Clock } from "@parley/core";
import type { McpClient } from "@parley/mcp-client";
import type { GatewayServer } from "../config/gateway-config.ts";
import { recordingVersion } from "./format.ts";
import type { RecordingHeader, RecordingLine } from "./format.ts";
import type { Mask } from "./mask.ts";
import { recordedClient } from "./recorded-client.ts";

/** How {@link createRecorder} is called. */
export interface RecorderOptions {
  readonly servers: readonly GatewayServer[];
  /** Takes one line, its end included. */
  readonly write: (line: string) => void;
  /** Hides what no recording may hold. */
  readonly mask: Mask;
  /** Names the program that records. */
  readonly by?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Bytes after which nothing more is recorded (default 256 MiB). */
  readonly maxBytes?: number | undefined;
  /** Bytes of one line; a larger result is left out (default 16 MiB). */
  readonly maxLineBytes?: number | undefined;
  /** Hears, in one sentence, that recording has ended. */
  readonly onFull?: ((reason: string) => void) | undefined;
}

/** Writes down what is exchanged with servers. */
export interface Recorder {
  /** For `createGateway`, as its `wrapClient`. */
  readonly wrapClient: (server: GatewayServer, open: () => McpClient) => McpClient;
}

const mebibyte = 2 ** 20;

export function createRecorder(options: RecorderOptions): Recorder {
  const { servers, write, mask, by = "parley-gateway", clock = systemClock } = options;
  const { maxBytes = 256 * mebibyte, maxLineBytes = 16 * mebibyte } = options;
  let written = 0;
  let isFull = false;
  const put = (text: string): void => {
    const line = `${text}\n`;
    written += Buffer.byteLength(line);
    write(line);
  };
  const end = (reason: string): void => {
    isFull = true;
    put(JSON.stringify({ kind: "end", reason }));
    options.onFull?.(reason);
  };
  const header: RecordingHeader = {
    mcpRecording: recordingVersion,
    recordedAt: isoTime(clock.now()),
    by,
    servers: servers.filter(({ enabled }) => enabled).map(recordedServer),
  };
  put(JSON.stringify(header));
  const keep = (line: RecordingLine): void => {
    if (isFull) return;
    const text = JSON.stringify(mask.value(line));
    const bytes = Buffer.byteLength(text);
    const kept = bytes > maxLineBytes ? withoutResult(line, { bytes, mask, most: maxLineBytes }) : text;
    if (kept === undefined) return;
    if (written + Buffer.byteLength(kept) > maxBytes) {
      return end(
        `The recording has reached ${Math.round(maxBytes / mebibyte)} MiB; nothing more is recorded.`,
      );
    }
    put(kept);
  };
  return { wrapClient: (server, open) => recordedClient(open(), { server: server.name, clock, keep }) };
}

interface Cutting {
  readonly bytes: number;
  readonly mask: Mask;
  readonly most: number;
}

function recordedServer({ name, connection, tools }: GatewayServer): RecordingHeader["servers"][number] {
  const { allow, deny, changes } = tools;
  return {
    name,
    transport: connection.kind,
    tools: { allow: [...allow], deny: [...deny], changes: { ...changes } },
  };
}

/** A call without an answer that is too long, and without arguments that are; a list cannot do without its items. */
function withoutResult(line: RecordingLine, { bytes, mask, most }: Cutting): string | undefined {
  if (line.kind !== "call") return undefined;
  const { result: _result, error: _error, ...rest } = line;
  const text = JSON.stringify(mask.value({ ...rest, cutBytes: bytes }));
  if (Buffer.byteLength(text) <= most) return text;
  const { name, uri } = rest.params;
  return JSON.stringify(mask.value({ ...rest, params: { name, uri }, cutBytes: bytes }));
}
