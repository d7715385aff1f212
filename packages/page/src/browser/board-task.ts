import { callTool } from "./board-data.ts";
import { button, el, freshId } from "./dom.ts";
import { messageOf, objects, parse, text } from "./json.ts";
import type { Open } from "./json.ts";
import { jsonTree } from "./tree.ts";

/** One task: where it stands, what was said about its attempts, what came of it, and what a person can do. */
export function taskView(task: Open, onDone: () => void): readonly HTMLElement[] {
  const { id, status, description, attempts, failures, max_attempts: most, error, question } = task;
  const name = text(id) ?? "";
  const said = el("p", { class: "status", role: "status" });
  const act = (tool: string, args: Open): void => {
    said.textContent = "…";
    callTool(tool, { task_id: name, ...args })
      .then(
        (words) => (said.textContent = words),
        (fault: unknown) => (said.textContent = messageOf(fault)),
      )
      .finally(onDone);
  };
  const times = ["created_at", "run_at", "started_at", "finished_at"].flatMap((key) => {
    const at = text(task[key]);
    return at === undefined ? [] : `${key.replace("_at", "")} ${new Date(at).toLocaleString()}`;
  });
  return [
    el("h2", { tabindex: -1 }, text(description) ?? name),
    el("p", { class: "quiet" }, `${name} · ${text(status) ?? ""} · ${times.join(" · ")}`),
    el(
      "p",
      {},
      `Attempts: ${String(attempts)}, of which failed ${String(failures)} of at most ${String(most)}.${worker(task)}`,
    ),
    ...(text(error) === undefined ? [] : [el("p", { class: "fault" }, text(error))]),
    ...(text(question) === undefined
      ? []
      : [questionForm(text(question) ?? "", (answer) => act("answer_task", { answer }))]),
    el(
      "div",
      { class: "actions" },
      button("Try again", () => act("retry_task", {})),
      button("Cancel task", () => act("stop_task", { reason: "from the board" })),
    ),
    said,
    ...feedbackView(task["feedback"]),
    ...verdictsView(objects(task["verdicts"])),
    ...(["progress", "input", "execute", "verify", "result"] as const).flatMap((key) =>
      task[key] === undefined ? [] : [el("h4", {}, key), jsonTree(task[key])],
    ),
  ];
}

function worker({ worker: who, waiting_on: waiting }: Open): string {
  const hands = text(who) === undefined ? "" : ` In the hands of ${text(who)}.`;
  return typeof waiting === "number"
    ? `${hands} Waits for ${waiting} other ${waiting === 1 ? "task" : "tasks"}.`
    : hands;
}

function feedbackView(feedback: unknown): readonly HTMLElement[] {
  const said = Array.isArray(feedback) ? feedback.filter((each) => typeof each === "string") : [];
  if (said.length === 0) return [];
  const items = said.map((words, index) =>
    el(
      "li",
      {},
      el("span", { class: "quiet" }, `After failure ${index + 1}`),
      el("pre", { class: "text" }, words),
    ),
  );
  return [el("h4", {}, "Feedback"), el("ol", { class: "events" }, ...items)];
}

function verdictsView(verdicts: readonly Open[]): readonly HTMLElement[] {
  if (verdicts.length === 0) return [];
  const items = verdicts.map(({ type, verdict, detail }) => {
    const kind = verdict === "pass" ? "good" : verdict === "fail" ? "bad" : "quiet";
    return el(
      "li",
      {},
      el("span", { class: kind }, `${String(verdict)} by ${String(type)}`),
      ` ${text(detail) ?? ""}`,
    );
  });
  return [el("h4", {}, "Verdicts"), el("ul", { class: "events" }, ...items)];
}

/** What is typed is JSON where it can be read so, and else text. */
function questionForm(question: string, answer: (value: unknown) => void): HTMLElement {
  const field = freshId("answer");
  const input = el("textarea", { id: field, rows: 2 });
  const form = el(
    "form",
    { class: "question", "aria-label": "Question of the task" },
    el("h4", {}, "The task asks"),
    el("p", { class: "description" }, question),
    el("label", { for: field }, "Answer, as text or JSON"),
    input,
    el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, "Answer")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(readAnswer(input.value));
  });
  return form;
}

function readAnswer(typed: string): unknown {
  try {
    return parse(typed);
  } catch {
    return typed;
  }
}
