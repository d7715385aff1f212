import { el } from "./dom.ts";
import { serverHash, toolHash } from "./gateway-route.ts";
import { liveTable } from "./gateway-table.ts";
import type { LiveRow } from "./gateway-table.ts";
import { count, latencyOf, milliseconds, outcomeOf, since, stateOf, tintOf } from "./gateway-words.ts";
import { isOpen, objects, text } from "./json.ts";
import type { Open } from "./json.ts";

/** A part of the page that follows the report. */
export interface LiveView {
  readonly node: HTMLElement;
  update(report: Open): void;
}

const heads = ["Server", "State", "#For", "#Tools", "#Calls", "#Errors", "#p50 / p95", "#Running", "Try it"];

/** All servers and what was called last. */
export function overviewView(): LiveView {
  const servers = liveTable("Servers", heads);
  const calls = callsView();
  const heading = el("h2", { tabindex: -1, class: "hidden" }, "Overview");
  return {
    node: el("article", {}, heading, servers.node, calls.node),
    update(report) {
      servers.update(objects(report["servers"]).map(serverRow));
      calls.update(objects(report["calls"]));
    },
  };
}

function serverRow(server: Open): LiveRow {
  const name = text(server["name"]) ?? "";
  const links = isOpen(server["links"]) ? server["links"] : {};
  const errors = count(server["errors"]);
  return {
    key: name,
    cells: [
      { text: name, href: serverHash(name) },
      { text: stateOf(server), class: `state ${tintOf(server)}` },
      since(server["since"], Date.now()),
      String(count(server["tools"])),
      String(count(server["calls"])),
      { text: String(errors), class: errors > 0 ? "bad" : "" },
      latencyOf(server),
      String(count(server["running"])),
      { text: "Swagger UI", href: text(links["docs"]) ?? "docs", label: `Swagger UI of ${name}` },
    ],
  };
}

/** The last calls, newest first. */
export function callsView(): { readonly node: HTMLElement; update(calls: readonly Open[]): void } {
  const table = liveTable("Recent calls, newest first", [
    "Time (UTC)",
    "Server",
    "Called",
    "Caller",
    "Outcome",
    "#Took",
  ]);
  const empty = el("p", { class: "quiet" }, "No call has been made yet.");
  return {
    node: el("section", { "aria-label": "Calls" }, table.node, empty),
    update(calls) {
      empty.hidden = calls.length > 0;
      table.update(calls.map(callRow));
    },
  };
}

function callRow(call: Open): LiveRow {
  const server = text(call["server"]) ?? "";
  const name = text(call["name"]);
  const isTool = call["kind"] === "tool" && name !== undefined;
  const isGood = ["ok", "asked"].includes(text(call["outcome"]) ?? "");
  const why = text(call["message"]);
  return {
    key: String(count(call["number"])),
    cells: [
      (text(call["time"]) ?? "").slice(11, 19),
      server,
      isTool
        ? { text: name, href: toolHash(server, name) }
        : [text(call["kind"]), name].filter(Boolean).join(" "),
      text(call["caller"]) ?? "",
      {
        text: why === undefined ? outcomeOf(call) : `${outcomeOf(call)}: ${why}`,
        class: isGood ? "good" : "bad",
      },
      milliseconds(call["durationMs"]),
    ],
  };
}
