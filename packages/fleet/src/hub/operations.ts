import { ParleyError, isTerminal } from "@parley/core";
import type { Job, LogChunk, Selection, WorkerView } from "@parley/core";
import { answerOf, errorOf } from "../wire/answer.ts";
import type { HubSettings } from "./config.ts";
import { fanOut } from "./fan-out.ts";
import type { DispatchOptions, Ledger } from "./ledger.ts";
import type { LogRequest } from "./site-calls.ts";
import type { DispatchResult } from "./submission.ts";
import type { Monitor } from "./monitor.ts";
import type { Negotiation } from "./negotiation-record.ts";
import type { AskOptions, ChooseOptions, Negotiator } from "./negotiator.ts";
import type { Roster } from "./roster.ts";
import { exportTruth } from "./truth.ts";
import type { FleetTruth } from "./truth.ts";

export interface NegotiateOptions extends AskOptions, ChooseOptions {
  readonly dispatch: boolean;
  readonly idempotencyKey?: string | undefined;
}

export interface NegotiateResult {
  readonly negotiation: Negotiation;
  readonly selection: Selection;
  readonly dispatched?: DispatchResult | undefined;
}

export interface WaitOptions {
  /** Milliseconds; the job is returned as it is then. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onChange?: ((job: Job) => void) | undefined;
}

/** Everything a hub does for callers; tools and REST routes are two faces of it. */
export interface Operations {
  workers(): readonly WorkerView[];
  fleetStatus(signal?: AbortSignal): Promise<Record<string, unknown>>;
  satisfy(options: AskOptions): Promise<Negotiation>;
  select(
    negotiationId: string,
    options?: ChooseOptions,
  ): Promise<{ negotiation: Negotiation; selection: Selection }>;
  negotiate(options: NegotiateOptions): Promise<NegotiateResult>;
  dispatch(
    options: DispatchOptions & { readonly negotiationId?: string | undefined },
  ): Promise<DispatchResult>;
  negotiation(id: string): Promise<Negotiation>;
  jobs(options?: { readonly limit?: number }): Promise<readonly Job[]>;
  job(id: string, signal?: AbortSignal): Promise<Job>;
  /** Follows a job until it ends or time is up. */
  wait(id: string, options: WaitOptions): Promise<Job>;
  logs(id: string, options: LogRequest): Promise<LogChunk>;
  cancel(id: string, signal?: AbortSignal): Promise<Job>;
  truth(signal?: AbortSignal): Promise<FleetTruth>;
}

export interface OperationsOptions {
  readonly roster: Roster;
  readonly negotiator: Negotiator;
  readonly ledger: Ledger;
  readonly monitor: Monitor;
  readonly settings: HubSettings;
  readonly now: () => number;
}

export function createOperations(options: OperationsOptions): Operations {
  const { roster, negotiator, ledger, monitor, settings, now } = options;

  async function select(negotiation: Negotiation, choose: ChooseOptions): Promise<Selection> {
    return negotiator.choose(negotiation, choose);
  }

  async function dispatch(request: DispatchOptions): Promise<DispatchResult> {
    const result = await ledger.dispatch(request);
    monitor.watch(result.job);
    return result;
  }

  return {
    workers: () => roster.pick({ includeOffline: true }).map((member) => roster.view(member)),
    async fleetStatus(signal) {
      const members = roster.pick({ includeOffline: true });
      const outcomes = await fanOut(
        members.map((member) => ({ id: member.record.id, member })),
        {
          mode: settings.fanOut,
          timeoutMs: settings.askTimeoutMs,
          now,
          signal,
          ask: async ({ member }, limit) => {
            const view = roster.view(member);
            if (view.state === "offline") {
              throw new ParleyError("E_WORKER_OFFLINE", `Worker ${view.id} is offline: ${view.reason}.`);
            }
            const result = await member.link.callTool("get_status", {}, { signal: limit });
            if (result.isError) throw errorOf(result, view.id);
            return answerOf(result);
          },
        },
      );
      return Object.fromEntries(
        outcomes.map((outcome) => {
          const { labels, url, state, legacy, prefix } = roster.view(roster.get(outcome.id));
          const known = { labels, url, state, legacy, prefix };
          if (outcome.ok) return [outcome.id, { ...known, online: true, status: outcome.value }];
          const { code, message } = outcome.error;
          return [outcome.id, { ...known, online: false, type: "error", code, message, error: message }];
        }),
      );
    },
    satisfy: (ask) => negotiator.ask(ask),
    async select(negotiationId, choose = {}) {
      const negotiation = await negotiator.load(negotiationId);
      return { negotiation, selection: await select(negotiation, choose) };
    },
    async negotiate(request) {
      negotiator.choice(request.strategies);
      const negotiation = await negotiator.ask({ ...request, intent: "negotiate" });
      const selection = await select(negotiation, request);
      if (!request.dispatch || selection.worker_id === null) return { negotiation, selection };
      const { prompt, overrides, idempotencyKey, submitter } = request;
      const dispatched = await dispatch({
        workerId: selection.worker_id,
        prompt,
        overrides,
        negotiation,
        idempotencyKey,
        submitter,
      });
      return { negotiation, selection, dispatched };
    },
    async dispatch({ negotiationId, ...request }) {
      const negotiation = negotiationId === undefined ? undefined : await negotiator.load(negotiationId);
      return dispatch({ ...request, prompt: request.prompt || (negotiation?.prompt ?? ""), negotiation });
    },
    negotiation: (id) => negotiator.load(id),
    jobs: (list) => ledger.store.list(list),
    job: (id, signal) => ledger.refresh(id, signal),
    async wait(id, { timeoutMs, signal, onChange }) {
      const endMs = now() + timeoutMs;
      let job = await ledger.refresh(id, signal);
      let shown = job.state;
      onChange?.(job);
      const open = (): boolean => !isTerminal(job.state) && now() < endMs && !(signal?.aborted ?? false);
      while (open()) {
        await pause(Math.min(settings.pollMs, Math.max(1, endMs - now())), signal);
        job = await ledger.refresh(id, signal);
        if (job.state !== shown) onChange?.(job);
        shown = job.state;
      }
      return job;
    },
    logs: (id, request) => ledger.logs(id, request),
    async cancel(id, signal) {
      const job = await ledger.cancel(id, signal);
      monitor.watch(job);
      return job;
    },
    truth: (signal) => exportTruth(roster, settings, { now, signal }),
  };
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}
