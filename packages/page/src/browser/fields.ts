import { el } from "./dom.ts";
import { frameOf } from "./frame.ts";
import type { Open } from "./json.ts";
import { messageOf, parse, text } from "./json.ts";
import type { Field, Place, Reading } from "./reading.ts";

/** A text from which a form of more than one line is made. */
const longText = 200;

export function textField(schema: Open, place: Place): Field {
  const isLong =
    Number(schema["maxLength"] ?? 0) > longText && schema["format"] === undefined && place.level === 0;
  const isSecret = schema["writeOnly"] === true || schema["format"] === "password";
  const type = isSecret ? "password" : schema["format"] === "date" ? "date" : "text";
  const control = isLong
    ? el("textarea", { rows: 2 })
    : el("input", { type, autocomplete: "off", spellcheck: "false" });
  const frame = frameOf(control, schema, place);
  return {
    node: frame.node,
    read() {
      const { value } = control;
      if (value === "") return frame.missing();
      const problem = textProblem(value, schema);
      if (problem !== undefined) return frame.wrong(problem);
      frame.complain(undefined);
      return { kind: "value", value };
    },
    fill: (value) => {
      control.value = typeof value === "string" ? value : "";
    },
  };
}

function textProblem(value: string, { minLength, maxLength, pattern }: Open): string | undefined {
  const length = Array.from(value).length;
  if (typeof minLength === "number" && length < minLength) return `Write at least ${minLength} characters.`;
  if (typeof maxLength === "number" && length > maxLength) return `Write at most ${maxLength} characters.`;
  // A pattern comes from the server and could take for ever; long values are left to it.
  if (typeof pattern !== "string" || pattern.length > longText || length > longText) return undefined;
  try {
    return new RegExp(pattern, "u").test(value) ? undefined : `This does not match ${pattern}.`;
  } catch {
    return undefined;
  }
}

export function numberField(schema: Open, place: Place): Field {
  const control = el("input", { type: "text", inputmode: "decimal", autocomplete: "off" });
  const frame = frameOf(control, schema, place);
  return {
    node: frame.node,
    read() {
      const written = control.value.trim();
      if (written === "") return frame.missing();
      const value = Number(written);
      const problem = numberProblem(value, schema);
      if (problem !== undefined) return frame.wrong(problem);
      frame.complain(undefined);
      return { kind: "value", value };
    },
    fill: (value) => {
      control.value = typeof value === "number" ? String(value) : "";
    },
  };
}

function numberProblem(value: number, { type, minimum, maximum }: Open): string | undefined {
  if (!Number.isFinite(value)) return "Write a number.";
  if (type === "integer" && !Number.isInteger(value)) return "Write a whole number.";
  if (typeof minimum === "number" && value < minimum) return `Write a number of at least ${minimum}.`;
  if (typeof maximum === "number" && value > maximum) return `Write a number of at most ${maximum}.`;
  return undefined;
}

/** One choice of a list. */
export interface Choice {
  readonly value: unknown;
  readonly title: string;
}

/** A list to choose one of; without a default nothing is chosen at first. */
export function choiceField(schema: Open, place: Place, choices: readonly Choice[]): Field {
  const options = choices.map(({ title }, index) => el("option", { value: index }, title));
  const control = el(
    "select",
    {},
    el("option", { value: "" }, place.required ? "Choose…" : "Not set"),
    ...options,
  );
  const frame = frameOf(control, schema, place);
  return {
    node: frame.node,
    read() {
      const chosen = choices[Number(control.value)];
      if (control.value === "" || chosen === undefined) return frame.missing();
      frame.complain(undefined);
      return { kind: "value", value: chosen.value };
    },
    fill: (value) => {
      const index = choices.findIndex((choice) => choice.value === value);
      control.value = index === -1 ? "" : String(index);
    },
  };
}

/** A value of any form, written as JSON. */
export function jsonField(schema: Open, place: Place): Field {
  const control = el("textarea", { rows: 3, class: "code", spellcheck: "false", placeholder: "JSON" });
  const described = {
    ...schema,
    description: [text(schema["description"]), "Written as JSON."].join(" ").trim(),
  };
  const frame = frameOf(control, described, place);
  return {
    node: frame.node,
    read(): Reading {
      if (control.value.trim() === "") return frame.missing();
      try {
        const value = parse(control.value);
        frame.complain(undefined);
        return { kind: "value", value };
      } catch (error) {
        return frame.wrong(`This is no JSON: ${messageOf(error)}`);
      }
    },
    fill: (value) => {
      control.value = value === undefined ? "" : JSON.stringify(value, undefined, 2);
    },
  };
}
