import { ParleyError } from "@parley/core";
import { RecordingHeader, RecordingLine, recordingVersion } from "./format.ts";
import type { Exchange, ListMethod, RecordedServer } from "./format.ts";

/** A call of a recording, and the line it stands on. */
export interface RecordedCall extends Exchange {
  /** Counts from 1. */
  readonly line: number;
}

/** What was recorded of one server. */
export interface ServerRecording extends RecordedServer {
  readonly info: Readonly<Record<string, unknown>>;
  readonly lists: Readonly<Partial<Record<ListMethod, readonly Readonly<Record<string, unknown>>[]>>>;
  readonly calls: readonly RecordedCall[];
}

/** A session with servers, as it was recorded. */
export interface Recording {
  /** ISO-8601 UTC. */
  readonly recordedAt: string;
  readonly servers: readonly ServerRecording[];
  /** Why it ended early: it was full, or its last line is torn. */
  readonly ended?: string | undefined;
}

/** How {@link readRecording} is called. */
export interface ReadRecordingOptions {
  /** Names the file in messages (default `recording`). */
  readonly path?: string | undefined;
}

/**
 * Reads a recording. A last line that was torn by a crash is passed over.
 * @throws `E_CONFIG_INVALID` with the line that is wrong
 */
export function readRecording(text: string, { path = "recording" }: ReadRecordingOptions = {}): Recording {
  const [first = "", ...rest] = text.replace(/^\uFEFF/, "").split("\n");
  const header = headerOf(first, path);
  const found = new Map(header.servers.map((server) => [server.name, emptyOf(server)] as const));
  let ended: string | undefined;
  for (const [index, line] of rest.entries()) {
    if (line.trim() === "") continue;
    const number = index + 2;
    const parsed = lineOf(line);
    if (parsed === undefined && index === rest.length - 1) {
      ended = `its last line, ${number}, is torn`;
      continue;
    }
    if (parsed === undefined) throw refusal(path, number, "this is no line of a recording");
    if (parsed.kind === "end") ended = parsed.reason;
    else take(found.get(parsed.server), parsed, number);
  }
  return {
    recordedAt: header.recordedAt,
    servers: [...found.values()],
    ...(ended === undefined ? {} : { ended }),
  };
}

interface Taking extends RecordedServer {
  info: Readonly<Record<string, unknown>>;
  lists: Partial<Record<ListMethod, readonly Readonly<Record<string, unknown>>[]>>;
  calls: RecordedCall[];
}

function emptyOf(server: RecordedServer): Taking {
  return { ...server, info: {}, lists: {}, calls: [] };
}

function take(
  server: Taking | undefined,
  line: Exclude<RecordingLine, { readonly kind: "end" }>,
  number: number,
): void {
  if (server === undefined) return;
  if (line.kind === "identity") server.info = line.info;
  else if (line.kind === "list") server.lists[line.method] = line.items;
  else server.calls.push({ ...line, line: number });
}

function headerOf(line: string, path: string): RecordingHeader {
  const value = jsonOf(line);
  const header = RecordingHeader.safeParse(value);
  if (header.success) return header.data;
  const version: unknown = Object(value) === value ? Reflect.get(Object(value), "mcpRecording") : undefined;
  if (typeof version === "number" && version !== recordingVersion) {
    throw refusal(
      path,
      1,
      `this is version ${version} of the format, and version ${recordingVersion} is read here`,
    );
  }
  throw refusal(
    path,
    1,
    'a recording begins with a line such as {"mcpRecording":1, ...}; write one with mcpo record',
  );
}

function lineOf(line: string): RecordingLine | undefined {
  const parsed = RecordingLine.safeParse(jsonOf(line));
  return parsed.success ? parsed.data : undefined;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function refusal(path: string, line: number, what: string): ParleyError {
  return new ParleyError("E_CONFIG_INVALID", `${path}:${line}: ${what}.`, { details: { path, line } });
}
