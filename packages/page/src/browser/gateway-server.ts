import { el } from "./dom.ts";
import { callsView } from "./gateway-overview.ts";
import type { LiveView } from "./gateway-overview.ts";
import { count, latencyOf, outcomeOf, since, stateOf, tintOf } from "./gateway-words.ts";
import { isOpen, objects, text } from "./json.ts";
import type { Open } from "./json.ts";

/** One server: how it is, where it is, what it last failed at, and its calls. */
export function serverView(name: string): LiveView {
  const heading = el("h2", { tabindex: -1 }, name);
  const state = el("p", { class: "state" });
  const facts = el("dl", { class: "facts" });
  const links = el("p", { class: "links" });
  const failure = el("p", { class: "bad" });
  const calls = callsView();
  let shownLinks = "";
  return {
    node: el("article", {}, heading, state, links, facts, failure, calls.node),
    update(report) {
      const server = objects(report["servers"]).find((each) => each["name"] === name);
      if (server === undefined) {
        state.textContent = "There is no such server, or not for this key.";
        return;
      }
      state.textContent = `${stateOf(server)}, for ${since(server["since"], Date.now())}`;
      state.className = `state ${tintOf(server)}`;
      facts.replaceChildren(...factsOf(server));
      const wanted = JSON.stringify(server["links"]);
      if (wanted !== shownLinks) links.replaceChildren(...linksOf(server));
      shownLinks = wanted;
      failure.textContent = failureOf(server);
      failure.hidden = failure.textContent === "";
      calls.update(objects(report["calls"]).filter((call) => call["server"] === name));
    },
  };
}

function factsOf(server: Open): readonly HTMLElement[] {
  const introduced = [text(server["title"]), text(server["version"])].filter(Boolean).join(" ");
  const facts: readonly [string, string][] = [
    ["Calls itself", introduced === "" ? "–" : introduced.slice(0, 80)],
    ["Transport", text(server["transport"]) ?? "–"],
    ["Tools", String(count(server["tools"]))],
    ["Prompts", String(count(server["prompts"]))],
    ["Resources", String(count(server["resources"]))],
    ["Calls", String(count(server["calls"]))],
    ["Errors", String(count(server["errors"]))],
    ["p50 / p95", latencyOf(server)],
    ["Running", String(count(server["running"]))],
    ["Came back", `${count(server["reconnects"])} times`],
  ];
  return facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
}

function linksOf({ links }: Open): readonly Node[] {
  const { docs, openapi, mcp } = isOpen(links) ? links : {};
  const address = new URL(text(mcp) ?? "mcp", document.baseURI).href;
  return [
    el("a", { href: text(docs) ?? "docs" }, "Swagger UI"),
    el("a", { href: text(openapi) ?? "openapi.json" }, "OpenAPI"),
    el("span", { class: "code address" }, `MCP: ${address}`),
  ];
}

function failureOf({ lastError }: Open): string {
  if (!isOpen(lastError)) return "";
  const what = text(lastError["name"]) ?? text(lastError["kind"]) ?? "";
  const why = text(lastError["message"]);
  return [
    `Last error, ${since(lastError["time"], Date.now())} ago: ${what}: ${outcomeOf(lastError)}`,
    ...(why === undefined ? [] : [why]),
  ].join(": ");
}
