import { copyButtons } from "./copy.ts";
import { button, el } from "./dom.ts";
import type { SchemaForm } from "./form.ts";
import type { Open } from "./json.ts";
import type { McpRequest } from "./mcp.ts";
import { createRun } from "./run.ts";

/** How {@link tryIt} is called. */
export interface TryItOptions {
  readonly form: SchemaForm;
  /** What the button that sends says. */
  readonly verb: string;
  readonly request: (args: Open) => McpRequest;
}

/** A form that sends a request and shows its answer. Enter sends, Escape cancels. */
export function tryIt({ form, verb, request }: TryItOptions): HTMLElement {
  const send = el("button", { type: "submit", class: "primary" }, verb);
  const cancel = button("Cancel", () => run.cancel(), { disabled: true });
  const run = createRun((isRunning) => {
    const hadFocus = document.activeElement === cancel;
    cancel.disabled = !isRunning;
    if (!isRunning && hadFocus) send.focus();
  });
  const read = (): McpRequest | undefined => {
    const args = form.read();
    if (args === undefined) run.say("Something in the form is missing or wrong.");
    return args === undefined ? undefined : request(args);
  };
  const actions = el(
    "div",
    { class: "actions" },
    send,
    cancel,
    ...copyButtons(read, (message) => run.say(message)),
  );
  const asks = el("form", { novalidate: true, "aria-label": verb }, form.node, actions);
  asks.addEventListener("submit", (event) => {
    event.preventDefault();
    const ready = read();
    if (ready !== undefined) void run.start(ready);
  });
  const node = el("div", { class: "try" }, asks, run.node);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") run.cancel();
  });
  node.addEventListener("parley:leave", () => run.cancel());
  return node;
}
