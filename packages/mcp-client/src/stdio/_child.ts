import { ParleyError } from "@parley/core";
import { startProcess } from "@parley/exec";
import type { ProcessEnd, RunningProcess } from "@parley/exec";
import { createDuplex } from "../_duplex.ts";
import type { Duplex } from "../_duplex.ts";
import { protocolError } from "../_errors.ts";
import type { Inbound } from "../_link.ts";
import { parseMessages, parseObject } from "../_messages.ts";
import type { Peer } from "../_peer.ts";
import type { JsonObject } from "../json.ts";
import { createLineReader } from "./_lines.ts";
import type { StdioClientOptions } from "./create-stdio-client.ts";

/** A running server and the stream of messages to it. */
export interface Child {
  readonly duplex: Duplex;
  /** Why it is gone, once it is. */
  readonly gone: Promise<Error>;
  stop(): Promise<void>;
}

interface ChildOptions {
  readonly peer: Peer;
  readonly inbound: Inbound;
  readonly options: StdioClientOptions;
}

const maxStderrLine = 8192;
/** The most that waits to be read by a program before calls are refused. */
const maxUnreadBytes = 64 * 2 ** 20;

function endOf(peer: Peer, { error, exitCode, signal }: ProcessEnd, lastWords: string): ParleyError {
  const details = {
    ...peer.where,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal ? { signal } : {}),
  };
  if (error) {
    const missing =
      error.code === "ENOENT" ? "no such program or directory" : (error.code ?? "it cannot be started");
    const message = `The MCP server ${peer.host} cannot be started (${missing}): check its command and cwd.`;
    return new ParleyError("E_EXEC_NOT_FOUND", message, { details });
  }
  const how = signal ? `was ended by ${signal}` : `ended with status ${exitCode ?? "unknown"}`;
  const words = lastWords === "" ? "" : `, saying: ${lastWords}`;
  return new ParleyError("E_MCP_UNREACHABLE", `The MCP server ${peer.host} ${how}${words}`, { details });
}

interface Writer {
  readonly send: (message: JsonObject, isAlone?: boolean) => Promise<void> | undefined;
  /** Writes what was sent in this turn. */
  readonly flush: () => void;
}

/** Sends messages as lines; those that many callers send in one turn of the event loop leave together. */
function createWriter(peer: Peer, { stdin }: RunningProcess): Writer {
  let lines = "";
  const flush = (): void => {
    const text = lines;
    lines = "";
    // Joined here: each write has a cost of its own in a stream.
    if (text !== "" && stdin.writable) stdin.write(text);
  };
  const send: Writer["send"] = (message, isAlone = false) => {
    if (!stdin.writable || stdin.writableLength + lines.length > maxUnreadBytes) {
      const sessionLost = !stdin.writable;
      const why = `The MCP server ${peer.host} ${sessionLost ? "has ended" : "does not read what it is sent"}.`;
      // Nothing was sent: another process may get the message.
      return Promise.reject(
        new ParleyError("E_MCP_UNREACHABLE", why, { details: { ...peer.where, sessionLost } }),
      );
    }
    const line = `${JSON.stringify(message)}\n`;
    if (lines === "" && !isAlone) setImmediate(flush);
    lines += line;
    if (isAlone) flush();
    return undefined;
  };
  return { send, flush };
}

/** Starts the program. */
export function startChild({ peer, inbound, options }: ChildOptions): Child {
  const { command, args = [], cwd, passOn, env, graceMs } = options;
  const running = startProcess([command, ...args], { cwd, env: { ...passOn, ...env }, graceMs });
  const writer = createWriter(peer, running);
  const duplex = createDuplex({ peer, inbound, send: writer.send });
  let lastWords = "";
  let settle: ((reason: Error) => void) | undefined;
  const gone = new Promise<Error>((resolve) => (settle = resolve));
  const fail = (reason: Error): void => {
    duplex.fail(reason);
    settle?.(reason);
  };

  const hear = (line: string): void => {
    lastWords = line.trim() === "" ? lastWords : peer.quote(line);
    options.onStderr?.(line);
  };
  const receive = (line: string): void => {
    const only = parseObject(line);
    if (only !== undefined) return duplex.receive(only);
    if (line.trim() === "") return;
    const messages = parseMessages(line);
    if (messages.length === 0)
      inbound.warn(`${peer.host} wrote a line that is no message: ${peer.quote(line)}`);
    for (const message of messages) duplex.receive(message);
  };
  const tooLong = (): void => {
    fail(protocolError(peer, `answered with more than ${peer.maxBytes} bytes`));
    void running.stop();
  };
  running.stdout.on(
    "data",
    createLineReader({ maxLength: peer.maxBytes, onLine: receive, onTooLong: tooLong }),
  );
  running.stderr.on("data", createLineReader({ maxLength: maxStderrLine, onLine: hear, onTooLong: hear }));

  void running.ended.then((end) => fail(endOf(peer, end, lastWords)));
  const stop = async (): Promise<void> => {
    writer.flush();
    await running.stop();
  };
  return { duplex, gone, stop };
}
