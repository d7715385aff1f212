import { button, el } from "./dom.ts";
import { fieldFor } from "./field-for.ts";
import { jsonField } from "./fields.ts";
import { isOpen } from "./json.ts";
import type { Open } from "./json.ts";

/** The form of an object's schema, which can also be written as JSON. */
export interface SchemaForm {
  readonly node: HTMLElement;
  /** The object, or nothing when something is wrong: the form then shows what, and the first of it has the focus. */
  read(): Open | undefined;
}

/** @param isPlain - leaves out the change to JSON. */
export function schemaForm(schema: unknown, isPlain = false): SchemaForm {
  const known = isOpen(schema) ? schema : {};
  const properties = isOpen(known["properties"]) ? Object.keys(known["properties"]) : [];
  const isEmpty =
    properties.length === 0 &&
    known["additionalProperties"] !== true &&
    !isOpen(known["additionalProperties"]);
  const place = { name: "Arguments", required: true, level: 0 };
  const fields = fieldFor(isEmpty ? { type: "object", properties: {} } : known, place);
  const whole = jsonField({ description: "All arguments as one object." }, place);
  let current = fields;
  const holder = el("div", {}, fields.node);
  const change = button(
    "Edit as JSON",
    () => {
      const reading = current.read();
      current = current === fields ? whole : fields;
      current.fill(reading.kind === "value" ? reading.value : undefined);
      holder.replaceChildren(current.node);
      change.textContent = current === fields ? "Edit as JSON" : "Edit as form";
    },
    { class: "plain" },
  );
  const nothing = isEmpty ? el("p", { class: "quiet" }, "Takes no arguments.") : undefined;
  return {
    node: el("div", {}, nothing, holder, isPlain || isEmpty ? undefined : change),
    read() {
      const reading = current.read();
      if (reading.kind === "value" && isOpen(reading.value)) return reading.value;
      holder.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return undefined;
    },
  };
}
