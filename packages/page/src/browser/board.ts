import { readStats, readTask, readTasks } from "./board-data.ts";
import { figures } from "./board-figures.ts";
import { boardHash, boardRouteOf } from "./board-route.ts";
import { taskView } from "./board-task.ts";
import { button, el, part } from "./dom.ts";
import { liveTable } from "./gateway-table.ts";
import { isOpen, messageOf, text } from "./json.ts";
import type { Open } from "./json.ts";
import { Refusal } from "./mcp.ts";
import { bindSignIn } from "./sign-in.ts";
import { bindTheme } from "./theme.ts";
import { token } from "./token.ts";

const refreshMs = 1500;
const step = 100;
/** In the order a task goes through them; others follow. */
const order = ["pending", "scheduled", "in_progress", "input_required", "completed", "failed", "cancelled"];
const table = liveTable("Tasks", ["task", "#attempts", "#priority", "queue", "worker", "changed"]);
const more = button("Show more", () => {
  now.limit += step;
  void refresh();
});
const now = { limit: step, shown: "", timer: 0, isAsking: false };

/** Reads what is shown, and shows it. */
async function refresh(): Promise<void> {
  window.clearTimeout(now.timer);
  const { status, task } = boardRouteOf(location.hash);
  try {
    const [stats, list, one] = await Promise.all([
      readStats(),
      readTasks(status, now.limit),
      task === undefined ? undefined : readTask(task),
    ]);
    now.isAsking = false;
    part("notice").textContent = "";
    show({ status, stats, list, one });
  } catch (error) {
    explain(error);
  }
  if (!now.isAsking) now.timer = window.setTimeout(() => void refreshIfSeen(), refreshMs);
}

/** A page that nobody looks at asks nothing. */
async function refreshIfSeen(): Promise<void> {
  if (document.visibilityState === "visible") await refresh();
}

interface Read {
  readonly status: string;
  readonly stats: Open;
  readonly list: { readonly tasks: readonly Open[]; readonly more: boolean };
  readonly one: Open | undefined;
}

function show({ status, stats, list, one }: Read): void {
  const { safety } = stats;
  const state = isOpen(safety) ? safety["state"] : undefined;
  part("health").textContent = state === "open" ? "stopped by the breaker" : "ready";
  part("health").className = state === "open" ? "bad" : "good";
  showStatuses(status, stats["by_status"]);
  part("figures").replaceChildren(...figures(stats));
  table.update(list.tasks.map((task) => rowOf(status, task)));
  more.hidden = !list.more;
  const shown = JSON.stringify(one ?? null);
  // What a person opened, marked or typed stays while the task is the same.
  if (shown === now.shown) return;
  now.shown = shown;
  part("task").replaceChildren(...(one === undefined ? [] : taskView(one, () => void refresh())));
}

function showStatuses(chosen: string, counts: unknown): void {
  const found = isOpen(counts) ? counts : {};
  const names = [...order, ...Object.keys(found).filter((name) => !order.includes(name))];
  const links = names.map((name) =>
    el(
      "a",
      { href: boardHash(name), "aria-current": name === chosen ? "page" : undefined },
      `${name.replaceAll("_", " ")} `,
      el("span", { class: "count" }, countOf(found[name])),
    ),
  );
  const focused = document.activeElement?.getAttribute("href");
  part("statuses").replaceChildren(...links);
  links.find((link) => link.getAttribute("href") === focused)?.focus();
}

const countOf = (value: unknown): string => (typeof value === "number" ? String(value) : "0");

function rowOf(status: string, task: Open) {
  const { id, description, attempts, max_attempts: most, priority, queue, worker } = task;
  const name = text(id) ?? "";
  const words = (text(description) ?? name).slice(0, 160);
  const at = text(task["finished_at"]) ?? text(task["started_at"]) ?? text(task["created_at"]);
  return {
    key: name,
    cells: [
      { text: words, href: boardHash(status, name) },
      `${String(attempts)} of ${String(most)}`,
      String(priority),
      text(queue) ?? "",
      text(worker) ?? "",
      at === undefined ? "" : new Date(at).toLocaleTimeString(),
    ],
  };
}

function explain(error: unknown): void {
  part("health").className = "bad";
  if (error instanceof Refusal && error.status === 401) {
    now.isAsking = true;
    part("health").textContent = "locked";
    signIn.ask(
      token.get() === undefined ? "This queue asks for a token." : "The queue does not know this token.",
    );
    return;
  }
  part("health").textContent = "not answering";
  part("notice").textContent = messageOf(error);
}

const signIn = bindSignIn(() => void refresh());
bindTheme();
part("tasks").append(table.node, more);
more.hidden = true;
part("skip").addEventListener("click", (event) => {
  event.preventDefault();
  part("detail").focus();
});
window.addEventListener("hashchange", () => {
  now.limit = step;
  void refresh().then(() => part("task").querySelector<HTMLElement>("h2")?.focus());
});
document.addEventListener("visibilitychange", () => void refreshIfSeen());
void refresh();
