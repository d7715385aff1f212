import { activityDetail } from "./activity.ts";
import { keyOf, nothing, readCatalogue, sections } from "./catalogue.ts";
import type { Catalogue, Section } from "./catalogue.ts";
import { promptDetail, resourceDetail, toolDetail } from "./details.ts";
import { el, part } from "./dom.ts";
import { eventDetail } from "./events.ts";
import { messageOf, text } from "./json.ts";
import type { Open } from "./json.ts";
import { bindKeys } from "./keys.ts";
import { listView } from "./list.ts";
import { getJson, Refusal, serverName } from "./mcp.ts";
import { routeOf } from "./route.ts";
import { bindSignIn } from "./sign-in.ts";
import { bindTheme } from "./theme.ts";
import { token } from "./token.ts";

const details: Readonly<Record<Section, (item: Open) => HTMLElement>> = {
  tools: toolDetail,
  prompts: promptDetail,
  resources: resourceDetail,
  events: eventDetail,
};

const list = part("list");
const detail = part("detail");
const notice = part("notice");
const search = part("search");
let catalogue: Catalogue = nothing;
let reads = 0;

function words(): string {
  return search instanceof HTMLInputElement ? search.value.trim() : "";
}

function showNav(): void {
  const { section } = routeOf(location.hash);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("nav a")) {
    const own = routeOf(link.hash).section;
    if (own === section) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const count = link.querySelector(".count");
    if (count !== null && own !== "activity") count.textContent = String(catalogue[own].length);
  }
}

function showList(): void {
  const { section, key } = routeOf(location.hash);
  const isActivity = section === "activity";
  part("side").hidden = isActivity;
  document.body.classList.toggle("wide", isActivity);
  if (!isActivity)
    list.replaceChildren(listView({ section, items: catalogue[section], words: words(), chosen: key }));
}

/** What the address names; the view that was there is told that it is left. */
function showDetail(): void {
  const { section, key } = routeOf(location.hash);
  for (const left of detail.querySelectorAll(".try")) left.dispatchEvent(new Event("parley:leave"));
  if (section === "activity") detail.replaceChildren(activityDetail());
  else if (key === undefined)
    detail.replaceChildren(el("p", { class: "quiet" }, `Choose one of the ${section}.`));
  else detail.replaceChildren(detailOf(section, key));
}

function detailOf(section: Section, key: string): HTMLElement {
  const item = catalogue[section].find((each) => keyOf(each) === key);
  if (item !== undefined) return details[section](item);
  // A tool may answer with a link to a resource that no list has.
  if (section === "resources" && key !== "") return resourceDetail({ uri: key, name: key });
  return el("p", { class: "quiet" }, `There is no ${section.slice(0, -1)} ${key}.`);
}

function showAll(): void {
  showNav();
  showList();
  showDetail();
}

/** Reads the lists anew; asks for a token where the server wants one. */
async function reload(): Promise<void> {
  reads += 1;
  const own = reads;
  notice.textContent = "Reading what the server offers…";
  try {
    const read = await readCatalogue();
    if (own !== reads) return;
    catalogue = read;
    notice.textContent = "";
    void showName();
  } catch (error) {
    if (own !== reads) return;
    catalogue = nothing;
    explain(error);
  }
  showAll();
}

function explain(error: unknown): void {
  if (!(error instanceof Refusal) || error.status !== 401) {
    notice.textContent = `The server cannot be read: ${messageOf(error)}`;
    return;
  }
  const isWrong = token.get() !== undefined;
  notice.textContent = isWrong ? "The server does not know this token." : "The server asks for a token.";
  signIn.ask(isWrong ? "The server does not know this token; try another." : "This server asks for a token.");
}

async function showName(): Promise<void> {
  const name = await serverName().catch(() => undefined);
  if (name === undefined) return;
  part("name").textContent = name.slice(0, 80);
  document.title = `${name.slice(0, 80)} · MCP server`;
}

async function showHealth(): Promise<void> {
  const dot = part("health");
  try {
    const { version, mode } = await getJson("health");
    dot.textContent = ["healthy", text(mode), text(version)].filter(Boolean).join(" · ");
    dot.className = "good";
  } catch {
    dot.textContent = "not answering";
    dot.className = "bad";
  }
  window.setTimeout(() => void showHealth(), healthMs);
}

const healthMs = 15_000;

const signIn = bindSignIn(() => void reload());
bindTheme();
bindKeys(search, list);
part("reload").addEventListener("click", () => void reload());
search.addEventListener("input", showList);
window.addEventListener("hashchange", () => {
  showAll();
  detail.querySelector<HTMLElement>("h2")?.focus();
});
if (!sections.some((section) => location.hash.startsWith(`#/${section}`)) && location.hash !== "#/activity") {
  history.replaceState(undefined, "", "#/tools");
}
void showHealth();
void reload();
