import { button, el, freshId } from "./dom.ts";
import { messageOf, text } from "./json.ts";
import type { Open } from "./json.ts";

type Send = (id: string, answer: string) => Promise<void>;

/** Puts open questions, each in a form that stays while it is open. */
export interface QuestionList {
  update(questions: readonly Open[]): void;
}

/** @param send - sends an answer, and throws when it is refused */
export function questionList(place: HTMLElement, send: Send): QuestionList {
  const shown = new Map<string, HTMLElement>();
  return {
    update(questions) {
      const open = new Set(questions.map(({ id }) => text(id) ?? ""));
      for (const [id, form] of shown) {
        if (open.has(id)) continue;
        form.remove();
        shown.delete(id);
      }
      for (const question of questions) {
        const id = text(question["id"]) ?? "";
        if (shown.has(id)) continue;
        const form = questionForm(question, id, send);
        shown.set(id, form);
        place.append(form);
        if (shown.size === 1) form.querySelector<HTMLElement>("button, textarea")?.focus();
      }
    },
  };
}

function questionForm(question: Open, id: string, send: Send): HTMLElement {
  const fault = el("p", { class: "fault", role: "alert" });
  const answer = (value: string): void => {
    fault.textContent = "";
    send(id, value).catch((error: unknown) => (fault.textContent = messageOf(error)));
  };
  const options = Array.isArray(question["options"])
    ? question["options"].filter((each) => typeof each === "string")
    : [];
  const isFree = options.length === 0 || question["free"] === true;
  const initial = text(question["initial"]) ?? "";
  const step = text(question["step"]) ?? "";
  const form = el(
    "form",
    { class: "question", "aria-label": `Question of ${step}` },
    el("h4", {}, `${step} asks`),
    el("p", { class: "description" }, text(question["text"]) ?? ""),
    el("div", { class: "actions" }, ...options.map((option) => button(option, () => answer(option)))),
  );
  if (isFree) {
    const field = freshId("answer");
    const input = el("textarea", { id: field, rows: 2 });
    input.value = initial;
    form.append(
      el("label", { for: field }, options.length === 0 ? "Answer" : "Or in your words"),
      input,
      el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, "Answer")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(input.value);
    });
  }
  form.append(fault);
  return form;
}
