import { button, el } from "./dom.ts";
import { schemaForm } from "./form.ts";
import { isOpen, messageOf, objects, parse, text } from "./json.ts";
import type { Open } from "./json.ts";
import { call, Refusal } from "./mcp.ts";
import { jsonTree } from "./tree.ts";

const pollMs = 2000;
/** Events shown of one subscription, newest first. */
const maxShown = 100;

/** The sources of events of `list_event_streams`; none where the server has no such tool. */
export async function listStreams(tools: readonly Open[]): Promise<readonly Open[]> {
  if (!tools.some(({ name }) => name === "list_event_streams")) return [];
  const result = await callTool("list_event_streams", {});
  const listed = structuredOf(result);
  const streams = Array.isArray(listed) ? listed : isOpen(listed) ? listed["result"] : undefined;
  return objects(streams).map((stream) => ({ ...stream, name: stream["provider"] }));
}

/** One source: a form to subscribe, and what arrives. A subscription ends when its view is left. */
export function eventDetail(stream: Open): HTMLElement {
  const provider = text(stream["name"]) ?? "";
  const form = schemaForm(stream["parameters"]);
  const status = el("p", { class: "status", role: "status", "aria-live": "polite" });
  const list = el("ol", { class: "events", "aria-label": "Events, newest first" });
  const held: { id?: string; resource?: string; after: number; timer?: number } = { after: 0 };
  const subscribe = el("button", { type: "submit", class: "primary" }, "Subscribe");
  const unsubscribe = button("Unsubscribe", () => void stop(), { disabled: true });

  const show = (isOn: boolean): void => {
    subscribe.disabled = isOn;
    unsubscribe.disabled = !isOn;
  };
  const stop = async (): Promise<void> => {
    const { id } = held;
    window.clearTimeout(held.timer);
    delete held.id;
    show(false);
    if (id === undefined) return;
    try {
      await callTool("unsubscribe", { subscription_id: id });
      status.textContent = "Unsubscribed.";
    } catch (error) {
      status.textContent = `The subscription could not be ended: ${messageOf(error)}`;
    }
  };
  const end = (): void => {
    delete held.id;
    show(false);
  };
  const showPage = (page: Open): void => {
    for (const event of objects(page["events"])) {
      held.after = Math.max(held.after, Number(event["seq"]) || 0);
      list.prepend(el("li", {}, el("time", {}, text(event["time"]) ?? ""), jsonTree(event["data"])));
    }
    while (list.childElementCount > maxShown) list.lastElementChild?.remove();
    const dropped = Number(page["dropped"]) || 0;
    if (dropped > 0) status.textContent = `${dropped} events came too fast to be kept.`;
    if (page["status"] !== "ended") return;
    status.textContent = `The subscription has ended. ${text(page["message"]) ?? ""}`.trim();
    end();
  };
  const poll = async (): Promise<void> => {
    const { id, resource = "", after } = held;
    if (id === undefined) return;
    try {
      const uri = after === 0 ? resource : `${resource}?after=${after}`;
      const page = pageOf(await call({ method: "resources/read", params: { uri } }));
      if (held.id !== id) return;
      showPage(page);
    } catch (error) {
      if (held.id !== id) return;
      status.textContent = `The events could not be read: ${messageOf(error)}`;
      // The server has ended it; what only did not get through is tried again.
      if (error instanceof Refusal && error.error !== undefined) end();
    }
    if (held.id === id) held.timer = window.setTimeout(() => void poll(), pollMs);
  };
  const start = async (args: Open): Promise<void> => {
    subscribe.disabled = true;
    status.textContent = "Subscribing…";
    try {
      const answer = structuredOf(await callTool("subscribe", { provider_name: provider, params: args }));
      const { subscription_id: id, resource, error } = isOpen(answer) ? answer : {};
      if (typeof id !== "string") throw new Error(text(error) ?? "The server gave no subscription.");
      Object.assign(held, { id, resource: text(resource) ?? `events://${id}`, after: 0 });
      list.replaceChildren();
      status.textContent = `Subscribed as ${id}.`;
      show(true);
      await poll();
    } catch (thrown) {
      status.textContent = `Not subscribed: ${messageOf(thrown)}`;
      show(false);
    }
  };

  const actions = el("div", { class: "actions" }, subscribe, unsubscribe);
  const asks = el("form", { novalidate: true, "aria-label": "Subscribe" }, form.node, actions);
  asks.addEventListener("submit", (event) => {
    event.preventDefault();
    const args = form.read();
    if (args !== undefined && held.id === undefined) void start(args);
  });
  const node = el("div", { class: "try" }, asks, status, list);
  node.addEventListener("parley:leave", () => void stop());
  const description = el("p", { class: "description" }, text(stream["description"]) ?? "");
  return el("article", {}, el("h2", { tabindex: -1 }, provider), description, node);
}

function callTool(name: string, args: Open): Promise<Open> {
  return call({ method: "tools/call", params: { name, arguments: args } }, { timeoutMs: 30_000 });
}

function structuredOf(result: Open): unknown {
  if (result["structuredContent"] !== undefined) return result["structuredContent"];
  const first = text(objects(result["content"])[0]?.["text"]) ?? "";
  try {
    return parse(first);
  } catch {
    throw new Error(first === "" ? "The server answered nothing." : first);
  }
}

function pageOf(result: Open): Open {
  const page = parse(text(objects(result["contents"])[0]?.["text"]) ?? "{}");
  return isOpen(page) ? page : {};
}
