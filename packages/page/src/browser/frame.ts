import { el, freshId } from "./dom.ts";
import { text } from "./json.ts";
import type { Open } from "./json.ts";
import { absent, fault } from "./reading.ts";
import type { Place, Reading } from "./reading.ts";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A control with its label, its description and the place for what is wrong. */
export interface Frame {
  readonly node: HTMLElement;
  /** Shows a message, or takes away the one that is there. */
  complain(message: string | undefined): void;
  missing(): Reading;
  wrong(message: string): Reading;
}

export function frameOf(control: Control, schema: Open, { name, required }: Place): Frame {
  control.id = freshId("field");
  const help = el("p", { class: "help", id: `${control.id}-help` }, helpOf(schema));
  const problem = el("p", { class: "fault", id: `${control.id}-fault` });
  control.setAttribute("aria-describedby", `${help.id} ${problem.id}`);
  if (required) control.setAttribute("aria-required", "true");
  const mark = required ? el("span", { class: "required", "aria-hidden": "true" }, "required") : undefined;
  const title = text(schema["title"]) ?? name;
  const label = el("label", { for: control.id }, el("span", { class: "name" }, title), mark);
  const complain = (message: string | undefined): void => {
    problem.textContent = message ?? "";
    if (message === undefined) control.removeAttribute("aria-invalid");
    else control.setAttribute("aria-invalid", "true");
  };
  return {
    node: el("div", { class: "field" }, label, control, help, problem),
    complain,
    missing() {
      complain(required ? `${title} is required.` : undefined);
      return required ? fault : absent;
    },
    wrong(message) {
      complain(message);
      return fault;
    },
  };
}

/** Description, limits and examples in one line. */
export function helpOf(schema: Open): string {
  const { minimum, maximum, examples } = schema;
  const limits = [
    isLimit(minimum) ? `at least ${minimum}` : "",
    isLimit(maximum) ? `at most ${maximum}` : "",
  ].filter((limit) => limit !== "");
  const shown = Array.isArray(examples) ? examples.slice(0, 3).map((each) => JSON.stringify(each)) : [];
  return [
    text(schema["description"]) ?? "",
    limits.length === 0 ? "" : `(${limits.join(", ")})`,
    shown.length === 0 ? "" : `For example ${shown.join(" or ")}.`,
  ]
    .filter((piece) => piece !== "")
    .join(" ");
}

/** Schema libraries write the largest safe integer where no limit was meant. */
function isLimit(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) < 1e15;
}
