import { isOpen, text } from "./json.ts";
import type { Open } from "./json.ts";

/** What stands for a state, and the class of its colour. */
const states: Readonly<Record<string, readonly [word: string, kind: string]>> = {
  waiting: ["waiting", "quiet"],
  running: ["running", "busy"],
  retrying: ["failed, tried again", "busy"],
  success: ["done", "good"],
  failure: ["failed", "bad"],
  unknown: ["outcome unknown", "bad"],
  other: ["done", "good"],
  stopped: ["stopped; it can be resumed", "busy"],
};

export function stateWord(state: unknown): string {
  return states[text(state) ?? ""]?.[0] ?? "unknown";
}

export function stateKind(state: unknown): string {
  return states[text(state) ?? ""]?.[1] ?? "quiet";
}

/** `1.2 s`, `3 min 5 s`; nothing for no figure. */
function duration(ms: unknown): string {
  if (typeof ms !== "number") return "";
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** How long an attempt took, or has taken by now. */
export function elapsed(step: Open, now: number): string {
  const { startedAt, endedAt, metrics } = step;
  if (typeof startedAt === "number")
    return duration((typeof endedAt === "number" ? endedAt : now) - startedAt);
  return isOpen(metrics) ? duration(metrics["durationMs"]) : "";
}

/** What was consumed, in words. */
export function consumed(metrics: unknown): string {
  if (!isOpen(metrics)) return "";
  const { calls, inputTokens, outputTokens, costUsd } = metrics;
  return [
    typeof calls === "number" && calls > 0 ? `${calls} ${calls === 1 ? "call" : "calls"}` : undefined,
    typeof inputTokens === "number" ? `${inputTokens} tokens in` : undefined,
    typeof outputTokens === "number" ? `${outputTokens} out` : undefined,
    typeof costUsd === "number" ? `$${costUsd.toFixed(4)}` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}
