import { el } from "./dom.ts";
import { isOpen, objects, text } from "./json.ts";
import type { Open } from "./json.ts";
import { consumed, elapsed, stateKind, stateWord } from "./plan-words.ts";
import { jsonTree } from "./tree.ts";

/** All there is to say of one step. */
export function stepView(step: Open, now: number): readonly HTMLElement[] {
  const { name, description, state, visit, attempt, maxAttempts, type, target, error, event, next } = step;
  const facts = [
    text(type),
    text(target),
    typeof visit === "number" && visit > 1 ? `visit ${visit}` : undefined,
    typeof attempt === "number" && attempt > 0 ? `attempt ${attempt} of ${String(maxAttempts)}` : undefined,
    elapsed(step, now),
    consumed(step["metrics"]),
  ].filter((fact) => fact !== undefined && fact !== "");
  return [
    el("h2", { tabindex: -1 }, text(name) ?? ""),
    el("p", { class: `state ${stateKind(state)}` }, `${stateWord(state)}${leads(event, next)}`),
    el("p", { class: "quiet" }, facts.join(" · ")),
    ...(text(description) === undefined ? [] : [el("p", { class: "description" }, text(description))]),
    ...(isOpen(error)
      ? [el("p", { class: "fault" }, `${text(error["code"]) ?? ""}: ${text(error["message"]) ?? ""}`)]
      : []),
    ...progressView(step["progress"]),
    ...values("Inputs", step["inputs"]),
    ...values("Outputs", step["outputs"]),
    ...linesView(objects(step["lines"])),
  ];
}

function leads(event: unknown, next: unknown): string {
  return text(next) === undefined ? "" : ` (${text(event) ?? ""}, on to ${text(next)})`;
}

function progressView(progress: unknown): readonly HTMLElement[] {
  if (!isOpen(progress) || typeof progress["done"] !== "number") return [];
  const { done, total } = progress;
  const max = typeof total === "number" ? total : undefined;
  return [el("progress", { "aria-label": "Progress", value: max === undefined ? undefined : done, max })];
}

function values(title: string, value: unknown): readonly HTMLElement[] {
  if (!isOpen(value) || Object.keys(value).length === 0) return [];
  return [el("h4", {}, title), jsonTree(value)];
}

const kinds: Readonly<Record<string, string>> = {
  prompt: "asked",
  reply: "said",
  call: "called",
  result: "answered",
};

function linesView(lines: readonly Open[]): readonly HTMLElement[] {
  if (lines.length === 0) return [];
  const items = lines.map((line) => {
    const tool = text(line["tool"]);
    const head = `${kinds[text(line["kind"]) ?? ""] ?? ""}${tool === undefined ? "" : ` ${tool}`}`;
    const kind = line["isError"] === true ? "bad" : "quiet";
    return el(
      "li",
      {},
      el("span", { class: kind }, head),
      el("pre", { class: "text" }, text(line["text"]) ?? ""),
    );
  });
  return [el("h4", {}, "What happened"), el("ol", { class: "events" }, ...items)];
}
