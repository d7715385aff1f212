import { el, part } from "./dom.ts";
import { isOpen, messageOf, text } from "./json.ts";
import { liveTable } from "./gateway-table.ts";
import { Refusal } from "./mcp.ts";
import { graphView, isDrawn } from "./plan-graph.ts";
import type { GraphView } from "./plan-graph.ts";
import { logView } from "./plan-log.ts";
import { changed, nothing } from "./plan-model.ts";
import type { Model, ShownRun } from "./plan-model.ts";
import { questionList } from "./plan-questions.ts";
import { planRouteOf, runHash, stepHash } from "./plan-route.ts";
import { stepView } from "./plan-step.ts";
import { followChanges, sendJson } from "./plan-stream.ts";
import { elapsed, stateKind, stateWord } from "./plan-words.ts";
import { bindSignIn } from "./sign-in.ts";
import { bindTheme } from "./theme.ts";
import { token } from "./token.ts";

const againMs = 2000;
const files = document.body.dataset["files"] ?? "-/";
const table = liveTable("Steps", ["step", "state", "attempt", "#time"]);
const now: {
  model: Model;
  drawn: ShownRun["graph"];
  graph: GraphView | undefined;
  step: unknown;
  isOver: boolean;
} = {
  model: nothing,
  drawn: undefined,
  graph: undefined,
  step: undefined,
  isOver: false,
};

/** The token stands in the address the program printed; it is kept for this tab, and taken out of the address. */
function takeToken(): void {
  const given = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (given === undefined) return;
  token.set(decodeURIComponent(given));
  history.replaceState(undefined, "", location.pathname + location.search);
}

function shownRun(): ShownRun | undefined {
  const { run } = planRouteOf(location.hash);
  return now.model.runs.get(run) ?? now.model.runs.values().next().value;
}

function show(): void {
  const run = shownRun();
  questions.update(now.model.questions);
  if (run === undefined) return;
  showHead(run);
  showRuns(run);
  showGraph(run);
  table.update(rowsOf(run));
  showStep(run);
  log.update(now.model.log);
}

function showHead({ fields }: ShownRun): void {
  const { plan, status, error } = fields;
  const name = isOpen(plan) ? (text(plan["name"]) ?? "Plan") : "Plan";
  const asking = now.model.questions.length;
  const word =
    asking > 0 && status === "running"
      ? `waits for ${asking === 1 ? "an answer" : `${asking} answers`}`
      : stateWord(status);
  part("name").textContent = name;
  document.title = `${asking > 0 ? "? " : ""}${name}: ${word}`;
  part("health").textContent = word;
  part("health").className = stateKind(status);
  const reason = isOpen(error) ? (text(error["message"]) ?? "") : "";
  part("notice").textContent =
    reason === "" && now.isOver ? "The program has ended; this is how it stood." : reason;
}

/** Plans inside the plan have views of their own. */
function showRuns(shown: ShownRun): void {
  const links = Array.from(now.model.runs.values(), ({ key }) =>
    el(
      "a",
      { href: runHash(key), "aria-current": key === shown.key ? "page" : undefined },
      key === "" ? "Plan" : key,
    ),
  );
  part("runs").replaceChildren(...(links.length > 1 ? links : []));
}

function showGraph(run: ShownRun): void {
  if (now.drawn !== run.graph || now.graph === undefined) {
    now.drawn = run.graph;
    now.graph = isDrawn(run) ? graphView(run) : undefined;
    part("graph").replaceChildren(...(now.graph === undefined ? [] : [now.graph.node]));
  }
  now.graph?.show(run, planRouteOf(location.hash).step);
}

function rowsOf({ key, steps }: ShownRun) {
  const time = Date.now();
  return Array.from(steps, ([name, step]) => {
    const { state, attempt, visit } = step;
    const tries =
      typeof attempt === "number" && attempt > 0
        ? `${attempt}${Number(visit) > 1 ? ` (visit ${String(visit)})` : ""}`
        : "";
    return {
      key: name,
      cells: [
        { text: name, href: stepHash(key, name) },
        { text: stateWord(state), class: `state ${stateKind(state)}` },
        tries,
        elapsed(step, time),
      ],
    };
  });
}

/** Only when it changed: what a person opened or marked in it stays. */
function showStep(run: ShownRun): void {
  const { step: name } = planRouteOf(location.hash);
  const step = name === undefined ? undefined : run.steps.get(name);
  if (step === now.step) return;
  now.step = step;
  part("step").replaceChildren(...(step === undefined ? [] : stepView(step, Date.now())));
}

async function followRun(): Promise<void> {
  try {
    now.isOver = await followChanges(`${files}run`, (change) => {
      now.model = changed(now.model, change);
      show();
    });
    if (now.isOver) return show();
    part("notice").textContent = "The program does not answer; trying again.";
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) {
      part("health").textContent = "locked";
      return signIn.ask(
        token.get() === undefined
          ? "The program printed the address with its token."
          : "This token is not the one of this run.",
      );
    }
    part("notice").textContent = `The program does not answer: ${messageOf(error)}`;
  }
  // The first change after a break tells everything anew.
  now.model = { ...now.model, log: [] };
  window.setTimeout(() => void followRun(), againMs);
}

takeToken();
const questions = questionList(part("questions"), (id, answer) =>
  sendJson(`${files}answers`, { id, answer }),
);
const log = logView(part("log"));
const signIn = bindSignIn(() => void followRun());
bindTheme();
part("steps").append(table.node);
part("skip").addEventListener("click", (event) => {
  event.preventDefault();
  part("detail").focus();
});
window.addEventListener("hashchange", () => {
  now.step = undefined;
  show();
  part("step").querySelector<HTMLElement>("h2")?.focus();
});
window.setInterval(() => {
  const run = shownRun();
  if (run !== undefined && run.fields["status"] === "running") table.update(rowsOf(run));
}, 1000);
void followRun();
