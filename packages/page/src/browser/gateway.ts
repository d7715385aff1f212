import { resourceDetail, toolDetail } from "./details.ts";
import { el, part } from "./dom.ts";
import { overviewView } from "./gateway-overview.ts";
import type { LiveView } from "./gateway-overview.ts";
import { gatewayRouteOf } from "./gateway-route.ts";
import { serverView } from "./gateway-server.ts";
import { toolList } from "./gateway-tools.ts";
import { count, stateOf } from "./gateway-words.ts";
import { isOpen, messageOf, objects, text } from "./json.ts";
import type { Open } from "./json.ts";
import { bindKeys } from "./keys.ts";
import { getJson, listAll, pointTo, Refusal } from "./mcp.ts";
import { bindSignIn } from "./sign-in.ts";
import { bindTheme } from "./theme.ts";
import { token } from "./token.ts";

const refreshMs = 1000;
const files = document.body.dataset["files"] ?? "-/";
const list = part("list");
const detail = part("detail");
const notice = part("notice");
const search = part("search");

/** The last report, and what is shown of it. */
const now: { report: Open; view: LiveView | undefined; server: string | undefined; tools: readonly Open[] } =
  {
    report: {},
    view: undefined,
    server: undefined,
    tools: [],
  };
let isAsking = false;
let timer = 0;

function serverIn(report: Open, name: string | undefined): Open | undefined {
  return objects(report["servers"]).find((each) => each["name"] === name);
}

/** Reads the report and shows it; asks for a key where one is wanted. */
async function refresh(): Promise<void> {
  window.clearTimeout(timer);
  try {
    const next = await getJson(`${files}overview`);
    const before = now.report;
    now.report = next;
    isAsking = false;
    showReport();
    tellChanges(before, next);
  } catch (error) {
    explain(error);
  }
  if (!isAsking) timer = window.setTimeout(() => void refreshIfSeen(), refreshMs);
}

/** A page that nobody looks at asks nothing. */
async function refreshIfSeen(): Promise<void> {
  if (document.visibilityState === "visible") await refresh();
}

function showReport(): void {
  const servers = objects(now.report["servers"]);
  const ready = servers.filter(({ state }) => state === "ready").length;
  const name = text(now.report["name"])?.slice(0, 80) ?? "MCP gateway";
  part("name").textContent = name;
  document.title = `${name} · MCP gateway`;
  part("health").textContent = `${ready} of ${servers.length} servers ready`;
  part("health").className = servers.every(({ state }) => state === "ready" || state === "disabled")
    ? "good"
    : "bad";
  const size = part("overview").querySelector(".count");
  if (size !== null) size.textContent = String(servers.length);
  now.view?.update(now.report);
}

/** Says what became of a server, for who cannot see the table change. */
function tellChanges(before: Open, after: Open): void {
  const said = objects(after["servers"]).flatMap((server) => {
    const name = text(server["name"]) ?? "";
    const known = serverIn(before, name);
    return known === undefined || known["state"] === server["state"] ? [] : [`${name} is ${stateOf(server)}`];
  });
  if (said.length > 0) notice.textContent = `${said.join("; ")}.`;
  else if (notice.dataset["isFault"] === "true") notice.textContent = "";
  notice.dataset["isFault"] = "false";
  const shown = serverIn(after, now.server);
  const known = serverIn(before, now.server);
  if (shown !== undefined && count(shown["tools"]) !== count(known?.["tools"])) void readTools();
}

function explain(error: unknown): void {
  notice.dataset["isFault"] = "true";
  part("health").className = "bad";
  part("health").textContent = "not answering";
  if (!(error instanceof Refusal) || error.status !== 401) {
    notice.textContent = `The gateway does not say how it is: ${messageOf(error)}`;
    return;
  }
  const isWrong = token.get() !== undefined;
  isAsking = true;
  part("health").textContent = "locked";
  notice.textContent = isWrong ? "The gateway does not know this key." : "The gateway asks for a key.";
  signIn.ask(isWrong ? "The gateway does not know this key; try another." : "This gateway asks for a key.");
}

/** Reads the tools of the server that is shown, over MCP, where each is to be tried. */
async function readTools(): Promise<void> {
  const { server } = now;
  const links = serverIn(now.report, server)?.["links"];
  const address = isOpen(links) ? text(links["mcp"]) : undefined;
  // There is no such server, or the first report is still to come.
  if (server === undefined || address === undefined) return;
  pointTo(address);
  try {
    const tools = await listAll("tools/list", "tools");
    if (now.server !== server) return;
    now.tools = tools;
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return;
    notice.textContent = `The tools of ${server} cannot be read: ${messageOf(error)}`;
  }
  showList();
  const { tool } = gatewayRouteOf(location.hash);
  if (tool !== undefined && detail.querySelector(".try") === null) showDetail();
}

function showList(): void {
  const { tool } = gatewayRouteOf(location.hash);
  const { server = "", tools } = now;
  const words = search instanceof HTMLInputElement ? search.value.trim() : "";
  list.replaceChildren(toolList({ server, tools, words, chosen: tool }));
}

/** What the address names; the view that was there is told that it is left. */
function showDetail(): void {
  for (const left of detail.querySelectorAll(".try")) left.dispatchEvent(new Event("parley:leave"));
  const { server, tool, resource } = gatewayRouteOf(location.hash);
  now.view = undefined;
  if (resource !== undefined)
    return detail.replaceChildren(resourceDetail({ uri: resource, name: resource }));
  if (tool !== undefined) return detail.replaceChildren(toolOrNone(tool));
  const view = server === undefined ? overviewView() : serverView(server);
  now.view = view;
  view.update(now.report);
  detail.replaceChildren(view.node);
}

function toolOrNone(tool: string): HTMLElement {
  const found = now.tools.find(({ name }) => name === tool);
  return found === undefined
    ? el("p", { class: "quiet" }, `There is no tool ${tool} now.`)
    : toolDetail(found);
}

function route(): void {
  const { server, resource } = gatewayRouteOf(location.hash);
  const shown = resource === undefined ? server : now.server;
  if (shown !== now.server) {
    now.server = shown;
    now.tools = [];
    if (shown !== undefined) void readTools();
  }
  part("side").hidden = shown === undefined;
  document.body.classList.toggle("wide", shown === undefined);
  if (shown === undefined) part("overview").setAttribute("aria-current", "page");
  else part("overview").removeAttribute("aria-current");
  showList();
  showDetail();
}

const signIn = bindSignIn(() => {
  void refresh();
  void readTools();
});
bindTheme();
bindKeys(search, list);
search.addEventListener("input", showList);
window.addEventListener("hashchange", () => {
  route();
  detail.querySelector<HTMLElement>("h2")?.focus();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !isAsking) void refresh();
});
route();
void refresh();
