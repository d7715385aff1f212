import { el } from "./dom.ts";
import { isOpen, text } from "./json.ts";
import type { Open } from "./json.ts";

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

/** Milliseconds in words. */
function time(ms: unknown): string {
  if (typeof ms !== "number") return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** The figures at this place of every queue. */
function figuresAt(queues: unknown, ...path: readonly string[]): readonly number[] {
  return (isOpen(queues) ? Object.values(queues) : []).flatMap((queue) => {
    let value: unknown = queue;
    for (const key of path) value = isOpen(value) ? value[key] : undefined;
    return typeof value === "number" ? value : [];
  });
}

const largest = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values);

/** The queue in figures, and how its circuit breaker stands. */
export function figures(stats: Open): readonly HTMLElement[] {
  const { safety, queues, completion_rate: rate } = stats;
  const perSecond = figuresAt(queues, "completedPerSecond", "m5").reduce((sum, each) => sum + each, 0);
  const facts: [name: string, value: string][] = [
    ["Tasks", String(number(stats["total"]))],
    ["In hands", String(number(stats["in_progress"]))],
    ["Completed of ended", typeof rate === "number" ? `${Math.round(rate * 100)} %` : "–"],
    ["Completed per minute", (perSecond * 60).toFixed(1)],
    ["Wait, median", time(largest(figuresAt(queues, "waitMs", "p50")))],
    ["Work, median", time(largest(figuresAt(queues, "execMs", "p50")))],
  ];
  const list = facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
  return [el("dl", { class: "facts" }, ...list), breaker(safety)];
}

const words: Readonly<Record<string, readonly [string, string]>> = {
  closed: ["Circuit breaker closed: tasks are worked on", "good"],
  open: ["Circuit breaker open: nothing is begun", "bad"],
  half_open: ["Circuit breaker half open: one attempt is let through", "busy"],
};

function breaker(safety: unknown): HTMLElement {
  const state = isOpen(safety) ? (text(safety["state"]) ?? "closed") : "closed";
  const trip = isOpen(safety) && isOpen(safety["trip"]) ? text(safety["trip"]["message"]) : undefined;
  const [said, kind] = words[state] ?? ["Circuit breaker unknown", "quiet"];
  return el("p", { class: `state ${kind}`, id: "breaker" }, trip === undefined ? said : `${said}. ${trip}`);
}
