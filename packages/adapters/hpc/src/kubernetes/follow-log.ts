import type { Call } from "../call.ts";
import { kubectlOf } from "./client.ts";
import { type LogLine, type LogSource, choosePod, logCommand, readLine } from "./pod-logs.ts";

/** Until when a log is followed. */
export interface FollowLimits {
  readonly seconds: number;
  readonly characters: number;
  readonly more: readonly string[];
}

/** What was followed. */
export interface Followed {
  readonly pod: string;
  readonly lines: readonly LogLine[];
  /** Whether the container ended, and not the time or the budget. */
  readonly ended: boolean;
}

/** Follows a log until its container ends, with each line as progress. */
export async function followLog(call: Call, source: LogSource, limits: FollowLimits): Promise<Followed> {
  const pod = await choosePod(call, source);
  const timeout = AbortSignal.timeout(limits.seconds * 1000);
  const signal = AbortSignal.any([call.signal, timeout]);
  const lines: LogLine[] = [];
  let characters = 0;
  let rest = "";
  const take = (line: string): void => {
    const read = readLine(line);
    lines.push(read);
    characters += read.text.length + 1;
    call.progress(lines.length, undefined, read.text.slice(0, 200));
  };
  const stream = kubectlOf(call).stream(logCommand(pod, source, ["--follow", ...limits.more]), signal);
  for await (const piece of stream) {
    const parts = (rest + piece).split("\n");
    rest = (parts.pop() ?? "").slice(0, limits.characters);
    for (const part of parts) if (characters < limits.characters) take(part);
    if (characters >= limits.characters) return { pod, lines, ended: false };
  }
  if (rest !== "") take(rest);
  return { pod, lines, ended: !signal.aborted };
}
