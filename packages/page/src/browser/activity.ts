import { el } from "./dom.ts";
import { isOpen, messageOf, objects, text } from "./json.ts";
import type { Open } from "./json.ts";
import { getJson } from "./mcp.ts";
import { jsonTree } from "./tree.ts";

const refreshMs = 3000;

/** Health, sessions and recent calls, read again while they are shown. */
export function activityDetail(): HTMLElement {
  const facts = el("dl", { class: "facts" });
  const whole = el("div", {});
  const rows = el("tbody", {});
  const status = el("p", { class: "status", role: "status" });
  const heads = ["Time (UTC)", "Kind", "Name", "Caller", "Outcome", "Took"].map((head) =>
    el("th", { scope: "col" }, head),
  );
  const table = el(
    "table",
    {},
    el("caption", {}, "Recent calls, newest first"),
    el("thead", {}, el("tr", {}, ...heads)),
    rows,
  );
  const whenOpen = el("details", { class: "raw" }, el("summary", {}, "Whole report"), whole);
  let timer = 0;
  let hasLeft = false;
  let seen = "";
  const refresh = async (): Promise<void> => {
    try {
      const [health, calls] = await Promise.all([getJson("health"), getJson("page/calls")]);
      facts.replaceChildren(...factsOf(health));
      if (!whenOpen.open) whole.replaceChildren(jsonTree(health));
      const latest = JSON.stringify(calls);
      if (latest !== seen) rows.replaceChildren(...objects(calls["calls"]).map((call) => rowOf(call)));
      seen = latest;
      status.textContent = rows.childElementCount === 0 ? "No call has been made yet." : "";
    } catch (error) {
      status.textContent = `The server does not say how it is: ${messageOf(error)}`;
    }
    if (!hasLeft) timer = window.setTimeout(() => void refresh(), refreshMs);
  };
  void refresh();
  const scroller = el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Recent calls" },
    table,
  );
  const node = el(
    "article",
    {},
    el("h2", { tabindex: -1 }, "Activity"),
    el("div", { class: "try" }, facts, whenOpen, scroller, status),
  );
  node.querySelector(".try")?.addEventListener("parley:leave", () => {
    hasLeft = true;
    window.clearTimeout(timer);
  });
  return node;
}

function factsOf(health: Open): readonly HTMLElement[] {
  const { sessions, requests } = health;
  const held: Open = isOpen(sessions) ? sessions : {};
  const asked: Open = isOpen(requests) ? requests : {};
  const open = Number(held["open"] ?? 0);
  const sse = Number(held["sse"] ?? 0);
  const facts: readonly [string, unknown][] = [
    ["Version", health["version"]],
    ["Mode", health["mode"]],
    ["Up for", uptime(Number(health["uptime_seconds"] ?? 0))],
    ["Tools", health["tools"]],
    ["Sessions of 2025", open - sse],
    ["Sessions over SSE", sse],
    ["Sessions expired", held["expired"]],
    ["Requests of 2026", asked["modern"]],
    ["Requests of 2025", asked["legacy"]],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [el("div", {}, el("dt", {}, name), el("dd", {}, text(value) ?? JSON.stringify(value)))],
  );
}

function uptime(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function rowOf(call: Open): HTMLElement {
  const outcome = [text(call["outcome"]), text(call["code"])].filter(Boolean).join(" · ");
  const time = text(call["time"]) ?? "";
  const cells = [call["kind"], call["name"], call["caller"]].map((each) => el("td", {}, text(each) ?? ""));
  const state = call["outcome"] === "ok" || call["outcome"] === "asked" ? "good" : "bad";
  return el(
    "tr",
    {},
    el("td", {}, el("time", { datetime: time }, time.slice(11, 19))),
    ...cells,
    el("td", { class: state }, outcome),
    el("td", { class: "number" }, `${String(call["durationMs"])} ms`),
  );
}
