import { resultView } from "./content.ts";
import { el } from "./dom.ts";
import { isOpen, messageOf } from "./json.ts";
import type { Open } from "./json.ts";
import { call, Refusal } from "./mcp.ts";
import type { McpRequest, Progress } from "./mcp.ts";
import { askAll } from "./questions.ts";
import { jsonTree } from "./tree.ts";

/** How often one call may come back with questions. */
const maxRounds = 16;

/** Where one call after the other shows itself. */
export interface Run {
  readonly node: HTMLElement;
  start(request: McpRequest): Promise<void>;
  cancel(): void;
  say(message: string): void;
}

/** @param onRunning - told when a call begins and ends. */
export function createRun(onRunning: (isRunning: boolean) => void): Run {
  const status = el("p", { class: "status", role: "status", "aria-live": "polite" });
  const bar = el("div", {});
  const output = el("div", {});
  let current: AbortController | undefined;
  const say = (message: string, kind = ""): void => {
    status.textContent = message;
    status.className = `status ${kind}`;
  };
  const onProgress = ({ progress, total, message }: Progress): void => {
    say(
      [message ?? "Running", total === undefined ? String(progress) : `${progress} of ${total}`].join(" · "),
    );
    bar.replaceChildren(
      el("progress", {
        value: total === undefined ? undefined : progress,
        max: total,
        "aria-label": "Progress",
      }),
    );
  };

  /** Sends the request, and again with the answers to what the server asks. */
  const settle = async (request: McpRequest, signal: AbortSignal): Promise<Open> => {
    let { params } = request;
    for (let round = 0; round < maxRounds; round += 1) {
      const result = await call({ ...request, params }, { signal, onProgress });
      if (result["resultType"] !== "input_required") return result;
      const { inputRequests, requestState } = result;
      bar.replaceChildren();
      say("Waiting for your answer.");
      const inputResponses = await askAll(output, inputRequests, signal);
      say("Running…");
      params = { ...request.params, inputResponses, ...(requestState === undefined ? {} : { requestState }) };
    }
    throw new Error(`The server asks more than ${maxRounds} times.`);
  };

  return {
    node: el("section", { class: "run", "aria-label": "Answer" }, status, bar, output),
    say: (message) => say(message),
    cancel: () => current?.abort(),
    async start(request) {
      current?.abort();
      const own = new AbortController();
      current = own;
      output.replaceChildren();
      say("Running…");
      onRunning(true);
      const startedAt = performance.now();
      const took = (): string => duration(performance.now() - startedAt);
      try {
        const result = await settle(request, own.signal);
        if (current !== own) return;
        const hasFailed = result["isError"] === true;
        say(
          hasFailed ? `The tool failed after ${took()}.` : `Answered in ${took()}.`,
          hasFailed ? "bad" : "good",
        );
        output.replaceChildren(resultView(result));
      } catch (thrown) {
        if (current !== own) return;
        say(
          own.signal.aborted ? `Cancelled after ${took()}.` : `Refused after ${took()}: ${messageOf(thrown)}`,
          "bad",
        );
        output.replaceChildren(...faultView(thrown));
      } finally {
        if (current === own) {
          current = undefined;
          bar.replaceChildren();
          onRunning(false);
        }
      }
    },
  };
}

function faultView(thrown: unknown): readonly HTMLElement[] {
  return thrown instanceof Refusal && isOpen(thrown.error) ? [jsonTree(thrown.error, "error")] : [];
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
