import { button, el } from "./dom.ts";
import type { Choice } from "./fields.ts";
import { helpOf } from "./frame.ts";
import { isOpen, text } from "./json.ts";
import type { Open } from "./json.ts";
import { absent, fault } from "./reading.ts";
import type { Field, MakeField, Place, Reading } from "./reading.ts";

/** The fields of an object; one that may be left out is, when none of its fields has a value. */
export function objectField(schema: Open, place: Place, make: MakeField): Field {
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const properties = isOpen(schema["properties"]) ? schema["properties"] : {};
  const fields = Object.entries(properties).map(([name, property]): [string, Field] => [
    name,
    make(property, { name, required: required.has(name), level: place.level + 1 }),
  ]);
  const nodes = fields.map(([, field]) => field.node);
  const node = place.level === 0 ? el("div", { class: "fields" }, ...nodes) : groupOf(schema, place, nodes);
  return {
    node,
    read() {
      const readings = fields.map(([name, field]): [string, Reading] => [name, field.read()]);
      const values = readings.flatMap(([name, reading]) =>
        reading.kind === "value" ? [[name, reading.value]] : [],
      );
      if (values.length === 0 && !place.required && place.level > 0 && !readings.some(isStarted)) {
        forgive(node);
        return absent;
      }
      if (readings.some(([, { kind }]) => kind === "fault")) return fault;
      return { kind: "value", value: Object.fromEntries(values) };
    },
    fill(value) {
      const given: Open = isOpen(value) ? value : {};
      for (const [name, field] of fields) if (Object.hasOwn(given, name)) field.fill(given[name]);
    },
  };

  /** Whether a fault is of something that was written, and not of something missing. */
  function isStarted([name, { kind }]: [string, Reading]): boolean {
    return kind === "fault" && fields.some(([other, field]) => other === name && hasText(field.node));
  }
}

function hasText(node: HTMLElement): boolean {
  return [...node.querySelectorAll<HTMLInputElement>("input, select, textarea")].some(
    ({ value }) => value !== "",
  );
}

/** Takes back what fields of a group say is missing, when the group itself is left out. */
function forgive(node: HTMLElement): void {
  for (const invalid of node.querySelectorAll("[aria-invalid]")) invalid.removeAttribute("aria-invalid");
  for (const problem of node.querySelectorAll(".fault")) problem.textContent = "";
}

/** A list with buttons that add and remove items. */
export function listField(schema: Open, place: Place, make: MakeField): Field {
  const rows = el("div", { class: "rows" });
  let items: { readonly field: Field; readonly row: HTMLElement }[] = [];
  const title = text(schema["title"]) ?? place.name;
  const add = (value?: unknown): Field => {
    const number = items.length + 1;
    const itemPlace = { name: `${title} ${number}`, required: true, level: place.level + 1 };
    const field = make(schema["items"], itemPlace);
    const remove = button(
      "Remove",
      () => {
        items = items.filter((item) => item.row !== row);
        row.remove();
        adder.focus();
      },
      { class: "plain", "aria-label": `Remove ${title} ${number}` },
    );
    const row = el("div", { class: "row" }, field.node, remove);
    if (value !== undefined) field.fill(value);
    items = [...items, { field, row }];
    rows.append(row);
    return field;
  };
  const adder = button(
    `Add ${title}`,
    () => {
      add().node.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
    },
    { class: "plain" },
  );
  const problem = el("p", { class: "fault" });
  return {
    node: groupOf(schema, place, [rows, adder, problem]),
    read() {
      const { minItems = 0, maxItems = Infinity } = schema;
      const readings = items.map(({ field }) => field.read());
      problem.textContent = "";
      if (items.length === 0 && !place.required) return absent;
      if (items.length < Number(minItems)) problem.textContent = `Add at least ${String(minItems)}.`;
      if (items.length > Number(maxItems)) problem.textContent = `Keep at most ${String(maxItems)}.`;
      if (problem.textContent !== "" || readings.some(({ kind }) => kind === "fault")) return fault;
      return {
        kind: "value",
        value: readings.flatMap((each) => (each.kind === "value" ? [each.value] : [])),
      };
    },
    fill(value) {
      for (const { row } of items) row.remove();
      items = [];
      if (Array.isArray(value)) for (const each of value) add(each);
    },
  };
}

/** Several of a list of choices. */
export function choicesField(schema: Open, place: Place, choices: readonly Choice[]): Field {
  const boxes = choices.map((choice) => ({ choice, box: el("input", { type: "checkbox" }) }));
  const labels = boxes.map(({ choice, box }) => el("label", { class: "check" }, box, choice.title));
  return {
    node: groupOf(schema, place, labels),
    read() {
      const value = boxes.flatMap(({ choice, box }) => (box.checked ? [choice.value] : []));
      return value.length === 0 && !place.required ? absent : { kind: "value", value };
    },
    fill(value) {
      for (const { choice, box } of boxes) box.checked = Array.isArray(value) && value.includes(choice.value);
    },
  };
}

function groupOf(schema: Open, { name, required }: Place, children: readonly HTMLElement[]): HTMLElement {
  const mark = required ? el("span", { class: "required", "aria-hidden": "true" }, "required") : undefined;
  const legend = el("legend", {}, el("span", { class: "name" }, text(schema["title"]) ?? name), mark);
  return el("fieldset", {}, legend, el("p", { class: "help" }, helpOf(schema)), ...children);
}
