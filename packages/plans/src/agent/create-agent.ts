import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError, systemClock } from "@parley/core";
import type { Clock } from "@parley/core";
import type { ChatMessage, ChatModel } from "@parley/llm";
import type { McpRequestHandlers } from "@parley/mcp-client";
import type { Fault, Used } from "../machine/events.ts";
import { openCatalog } from "../servers/catalog.ts";
import type { Catalog, PlanServers } from "../servers/catalog.ts";
import { outputsOf } from "../servers/outputs.ts";
import { converse } from "./converse.ts";
import type { Assumption, DoubtfulCall } from "./converse.ts";
import type { AgentEvent } from "./events.ts";
import { createJournal } from "./journal.ts";
import { rolePrompt } from "./role.ts";
import type { Spoken } from "./role.ts";
import { createToolbox } from "./toolbox.ts";
import type { Asker } from "./own-tools.ts";
import { agentSystem, goOn } from "./words.ts";

/** The prompt that is an agent's role. */
export interface AgentPrompt {
  readonly name: string;
  /** Which server has it, where several do. */
  readonly server?: string | undefined;
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
}

/** What an agent may use up in one run. */
export interface AgentLimits {
  /** Turns of the model. Default 30. */
  readonly turns?: number | undefined;
  /** Calls of tools. Default 200. */
  readonly calls?: number | undefined;
  /** Tokens read and written. */
  readonly tokens?: number | undefined;
  readonly costUsd?: number | undefined;
  /** Default 30 minutes. */
  readonly timeoutMs?: number | undefined;
  /** Longest single call of a tool without a word from it. Default 10 minutes. */
  readonly callTimeoutMs?: number | undefined;
}

/** Options of {@link createAgent}. */
export interface AgentOptions {
  /** A prompt's name, or the prompt with its arguments; absent: an agent that has a goal and no role. */
  readonly prompt?: string | AgentPrompt | undefined;
  readonly servers: PlanServers;
  readonly model: ChatModel;
  /** Said after the prompt. */
  readonly instruction?: string | undefined;
  /** Tools it may call, `server/tool` where two servers have one of a name. Default all; false: none. */
  readonly tools?: readonly string[] | false | undefined;
  readonly limits?: AgentLimits | undefined;
  /** Lets it ask the user. */
  readonly ask?: Asker | undefined;
  readonly clock?: Clock | undefined;
  /** Spreads repeated questions to a busy model. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** Options of {@link Agent.run}. */
export interface AgentRunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Over those of the prompt. */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  /** Waited for before anything is done that follows from an event: a place to write it down. */
  readonly onEvent?: ((event: AgentEvent) => Promise<void> | void) | undefined;
  /** Events of an earlier run that was cut off; it goes on where that one stopped. */
  readonly history?: readonly AgentEvent[] | undefined;
  /** Messages before the prompt, of an earlier conversation. */
  readonly before?: readonly ChatMessage[] | undefined;
  /** Says what came of a call that was cut off. Default: `E_PLAN_UNCERTAIN`. */
  readonly doubt?: ((call: DoubtfulCall) => Promise<Assumption>) | undefined;
  /** Throws when what the run used is too much, beside the agent's own limits. */
  readonly check?: ((used: Used) => void) | undefined;
  /** Answer what servers ask during calls. */
  readonly handlers?: McpRequestHandlers | undefined;
  /** Hears the progress that tools report. */
  readonly onProgress?:
    | ((progress: { done: number; total?: number | undefined; message?: string | undefined }) => void)
    | undefined;
}

/** What an agent came to. */
export interface AgentResult {
  /** The last words. */
  readonly text: string;
  /** The fields of the last tool, over them those of the answer, and `text`. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Why it did not come to an end of its own. */
  readonly error?: Fault | undefined;
  readonly used: Used;
  /** All that was said and called. */
  readonly transcript: readonly ChatMessage[];
}

/** A model in a role, with the tools, prompts and resources of MCP servers. */
export interface Agent {
  /** Works towards a goal, or does what its prompt says. @throws `E_LLM_*`, `E_MCP_*`, `E_PLAN_LIMIT`, `E_PLAN_UNCERTAIN` */
  run(goal?: string, options?: AgentRunOptions): Promise<AgentResult>;
}

/** Makes an agent whose role is a prompt of an MCP server. It keeps nothing between its runs. */
export function createAgent(options: AgentOptions): Agent {
  return {
    async run(goal, run = {}) {
      const catalog = await openCatalog(options.servers, { signal: run.signal });
      return await runAgent(goal, { options, run, catalog });
    },
  };
}

interface Running {
  readonly options: AgentOptions;
  readonly run: AgentRunOptions;
  readonly catalog: Catalog;
}

/** One run of an agent, where the servers were asked already what they have. */
export async function runAgent(
  goal: string | undefined,
  { options, run, catalog }: Running,
): Promise<AgentResult> {
  const { limits = {}, model, tools, ask, clock = systemClock, random = Math.random } = options;
  const { callTimeoutMs = 600_000 } = limits;
  const late = AbortSignal.timeout(limits.timeoutMs ?? 1_800_000);
  const signal = AbortSignal.any([late, run.signal ?? late]);
  const journal = createJournal(run.history ?? []);
  const opening = journal.asked?.messages ?? (await openingOf(goal, { options, run, catalog }));
  try {
    const {
      messages: transcript,
      text,
      structured,
      error,
      used,
    } = await converse({
      model,
      system: agentSystem,
      before: run.before ?? [],
      opening,
      toolbox: await createToolbox({ catalog, tools, ask, signal }),
      journal,
      record: recorder(run),
      maxTurns: limits.turns ?? 30,
      check: checker(limits, run),
      doubt: run.doubt ?? uncertain,
      patience: {
        signal,
        random,
        pause: async (ms, ends) => await sleep(ms, undefined, { signal: ends }),
      },
      clock,
      call: {
        signal,
        handlers: run.handlers,
        timeoutMs: callTimeoutMs,
        onProgress: ({ progress: done, total, message }) => progressed(run, { done, total, message }),
      },
    });
    return { text, outputs: { ...structured, ...outputsOf({ text }) }, error, used, transcript };
  } catch (cause) {
    if (!isLate(late, run)) throw cause;
    throw new ParleyError(
      "E_PLAN_LIMIT",
      "The agent was not done in its time: give it more, or less to do.",
      { cause },
    );
  }
}

async function openingOf(
  goal: string | undefined,
  { options, run, catalog }: Running,
): Promise<readonly Spoken[]> {
  const { prompt, instruction } = options;
  const role = typeof prompt === "string" ? { name: prompt } : prompt;
  const given = { ...role?.arguments, ...run.arguments };
  const messages: Spoken[] =
    role === undefined
      ? []
      : [...(await rolePrompt(catalog.prompt(role.name, role.server), given, run.signal))];
  const words = [instruction, goal].filter((text) => text !== undefined && text !== "").join("\n\n");
  if (words !== "") messages.push({ role: "user", content: words });
  if (messages.length === 0) {
    throw new ParleyError("E_ARGUMENT_INVALID", "An agent needs a prompt, an instruction or a goal.");
  }
  if (messages.at(-1)?.role !== "user") messages.push({ role: "user", content: goOn });
  return messages;
}

function checkLimits({ calls = 200, tokens, costUsd }: AgentLimits, used: Used): void {
  const read = (used.inputTokens ?? 0) + (used.outputTokens ?? 0);
  const over =
    used.calls >= calls
      ? `${calls} calls of tools`
      : tokens !== undefined && read >= tokens
        ? `${tokens} tokens`
        : costUsd !== undefined && (used.costUsd ?? 0) >= costUsd
          ? `${costUsd} USD`
          : undefined;
  if (over !== undefined) throw new ParleyError("E_PLAN_LIMIT", `The agent used up its ${over}.`);
}

async function uncertain({ tool }: DoubtfulCall): Promise<Assumption> {
  throw new ParleyError(
    "E_PLAN_UNCERTAIN",
    `The call of ${tool} was cut off, and nobody knows whether it was done: look, then say so.`,
  );
}

const recorder =
  (run: AgentRunOptions) =>
  async (event: AgentEvent): Promise<void> =>
    await run.onEvent?.(event);

function progressed(
  { onProgress }: AgentRunOptions,
  progress: Parameters<NonNullable<AgentRunOptions["onProgress"]>>[0],
): void {
  onProgress?.(progress);
}

const checker =
  (limits: AgentLimits, run: AgentRunOptions) =>
  (used: Used): void => {
    checkLimits(limits, used);
    run.check?.(used);
  };

function isLate(late: AbortSignal, { signal }: AgentRunOptions): boolean {
  return late.aborted && signal?.aborted !== true;
}
