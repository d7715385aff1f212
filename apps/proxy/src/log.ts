import { pino } from "pino";
import type { Logger } from "pino";
import type { Io } from "@parley/cli";
import type { UpstreamCallRecord, UpstreamStatus } from "@parley/gateway";
import type { Settings } from "./settings.ts";

/** How loud a line is. */
type Level = "info" | "warn";

/** What `mcpo` says while it serves: sentences for a person, or lines of JSON labelled by server for a log store. */
export interface Log {
  readonly say: (level: Level, text: string) => void;
  /** About one server. */
  readonly sayOf: (server: string, level: Level, text: string) => void;
  /** A line that a server's program wrote to its standard error. */
  readonly stderr: (server: string, line: string) => void;
  readonly status: (server: string, status: UpstreamStatus) => void;
  readonly called: (call: UpstreamCallRecord) => void;
  /** For requests and faults of the server itself. */
  readonly requests: Logger;
}

/** pino's words for those of Python. */
const levels = { debug: "debug", info: "info", warning: "warn", error: "error", critical: "fatal" } as const;

/** @param mask - takes secrets out of what servers say */
export function createLog(
  { logLevel, logFormat }: Pick<Settings, "logLevel" | "logFormat">,
  io: Pick<Io, "err">,
  mask: (text: string) => string,
): Log {
  const level = levels[logLevel];
  return logFormat === "json" ? jsonLog(level, io, mask) : textLog(level, io, mask);
}

function jsonLog(level: string, io: Pick<Io, "err">, mask: (text: string) => string): Log {
  const root = pino(
    {
      level,
      base: null,
      messageKey: "msg",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => io.err(line.trimEnd()) },
  );
  return {
    say: (rank, text) => root[rank](text),
    sayOf: (server, rank, text) => root[rank]({ server }, mask(text)),
    stderr: (server, line) => root.info({ server, stream: "stderr" }, mask(line)),
    status(server, { state, reason }) {
      const fields = { server, state, ...(reason === undefined ? {} : { reason: mask(reason) }) };
      root[isBad(state) ? "warn" : "info"](fields, `${server} is ${state}`);
    },
    called({ server, kind, name, caller, outcome, code, durationMs }) {
      const took = Math.round(durationMs * 10) / 10;
      const failed = ["error", "timeout", "unreachable"].includes(outcome);
      root[failed ? "warn" : "debug"](
        { server, kind, tool: name, caller, outcome, code, durationMs: took },
        `${server} ${name ?? kind}: ${outcome}`,
      );
    },
    // Requests are worth a line where somebody looks for a fault; faults always are.
    requests: root.child({}, { level: level === "info" ? "warn" : level }),
  };
}

function textLog(level: string, io: Pick<Io, "err">, mask: (text: string) => string): Log {
  const isQuiet = level === "error" || level === "fatal";
  const say = (rank: Level, text: string): void => {
    if (isQuiet || (rank === "info" && level === "warn")) return;
    // What servers say is untrusted: no control character of theirs reaches a terminal.
    io.err(text.replaceAll(/\p{Cc}+/gu, " "));
  };
  return {
    say,
    sayOf: (server, rank, text) => say(rank, `${server}: ${mask(text)}`),
    stderr: (server, line) => say("info", `[${server}] ${mask(line)}`),
    status(server, { state, reason }) {
      if (state === "closed" || state === "connecting") return;
      say(
        isBad(state) ? "warn" : "info",
        `${server}: ${state}${reason === undefined ? "" : `: ${mask(reason)}`}`,
      );
    },
    called({ server, name, kind, outcome, code, durationMs }) {
      if (level !== "debug") return;
      const end = code === undefined ? outcome : `${outcome}, ${code}`;
      say("info", `${server}: ${name ?? kind}: ${end}, ${Math.round(durationMs)} ms`);
    },
    requests: pino({ level: level === "info" ? "warn" : level }, pino.destination(2)),
  };
}

function isBad(state: UpstreamStatus["state"]): boolean {
  return state === "unreachable" || state === "refused";
}
