import { ParleyError } from "@parley/core";
import type { PlanAgent } from "@parley/core";
import { runAgent } from "../../agent/create-agent.ts";
import type { AgentOptions, AgentResult, AgentRunOptions } from "../../agent/create-agent.ts";
import type { AgentEvent } from "../../agent/events.ts";
import { messagesOf } from "../../agent/journal.ts";
import type { StepPlace } from "../../interface/port.ts";
import { overLimit } from "../../machine/next.ts";
import { addUsed } from "../../machine/state.ts";
import { placeOf } from "../context.ts";
import type { Attempt, Done, RunContext } from "../context.ts";
import { elicitation } from "../elicitation.ts";
import { askAboutCall, askPerson } from "../question.ts";
import { CutOff } from "./tool.ts";

/** Words of the inputs that say what is to be done, and are no arguments. */
const goalKeys = ["goal", "instruction", "prompt"];

/** Has a model do a step of type prompt or agent. */
export async function attemptModel(context: RunContext, attempt: Attempt): Promise<Done> {
  const { options, catalog, loaded } = context;
  const { spec } = attempt.step;
  const own = spec.agent === undefined ? undefined : options.agents?.[spec.agent];
  const agent = spec.agent === undefined ? undefined : loaded.agents[spec.agent];
  const run = runOptions(context, attempt);
  const goal = goalOf(context, attempt, agent);
  if (own !== undefined && agent === undefined) return toDone(await own.run(goal, run));
  const { model } = options;
  if (model === undefined) throw new ParleyError("E_CONFIG_INVALID", `Step ${spec.name} needs a model.`);
  const agentOptions: AgentOptions = {
    model,
    servers: catalog.servers,
    prompt: roleOf(attempt, agent),
    tools: spec.allow_tools ? (spec.tools ?? agent?.tools) : false,
    limits: {
      turns: spec.max_turns ?? agent?.max_turns,
      calls: Infinity,
      timeoutMs: spec.timeout_seconds === undefined ? undefined : spec.timeout_seconds * 1000,
    },
    ask: spec.ask || agent?.ask === true ? asker(context, attempt) : undefined,
    clock: context.clock,
  };
  return toDone(await runAgent(goal, { options: agentOptions, run, catalog }));
}

const toDone = ({ outputs, error, used }: AgentResult): Done => ({
  outputs,
  ...(error === undefined ? {} : { error }),
  used,
});

function roleOf({ step: { spec }, inputs }: Attempt, agent: PlanAgent | undefined): AgentOptions["prompt"] {
  const name = spec.type === "prompt" ? spec.prompt : agent?.prompt;
  return name === undefined ? undefined : { name, server: spec.server ?? agent?.server, arguments: inputs };
}

/** What is said after the prompt: the instruction, inputs that no prompt takes, and why an earlier try failed. */
function goalOf(context: RunContext, attempt: Attempt, agent: PlanAgent | undefined): string {
  const { step, inputs, instruction } = attempt;
  const { spec } = step;
  const isRole = spec.type === "prompt" || agent?.prompt !== undefined;
  const said = goalKeys.flatMap((key) => (typeof inputs[key] === "string" && !isRole ? [inputs[key]] : []));
  const rest = Object.entries(inputs).filter(([key]) => !goalKeys.includes(key));
  const given = isRole || rest.length === 0 ? [] : [`Inputs: ${JSON.stringify(Object.fromEntries(rest))}`];
  const before = context.log.state.steps[step.name];
  const failed =
    attempt.attempt > 1 && before?.error !== undefined
      ? [`An earlier try failed: ${before.error.message}`]
      : [];
  const words = [agent?.instruction, ...said, instruction, ...given, ...failed];
  return words.filter((text) => text !== undefined && text !== "").join("\n\n");
}

function runOptions(context: RunContext, attempt: Attempt): AgentRunOptions {
  const { log, plan } = context;
  const { step, visit, attempt: number, signal, continuing } = attempt;
  const place = { step: step.name, visit, attempt: number };
  const where = placeOf(context, attempt);
  return {
    signal,
    handlers: elicitation(context, attempt),
    history: continuing ? eventsOf(context, place) : [],
    before: step.spec.persist ? earlier(context, place) : [],
    async onEvent(event) {
      await log.append({ ...event, ...place });
      show(context, event, where);
    },
    onProgress: ({ done, total, message = "" }) =>
      context.ui.onStepUpdate({ ...where, kind: "progress", text: message, progress: { done, total } }),
    check(used) {
      const over = overLimit(plan.limits, addUsed(log.state.used, used));
      if (over !== undefined) throw new ParleyError("E_PLAN_LIMIT", over.message);
    },
    async doubt({ tool, arguments: args }) {
      const call = `The call of ${tool} with ${JSON.stringify(args).slice(0, 500)}`;
      if (step.transitions["unknown"] !== undefined) {
        throw new CutOff({ code: "E_PLAN_UNCERTAIN", message: `${call} was cut off.` });
      }
      return await askAboutCall(context, attempt, { call, signal });
    },
  };
}

const asker =
  (context: RunContext, attempt: Attempt): NonNullable<AgentOptions["ask"]> =>
  async ({ text, options }, { signal }) =>
    await askPerson(context, attempt, { kind: "ask", text, options, free: options !== undefined, signal });

interface Place {
  readonly step: string;
  readonly visit: number;
  readonly attempt: number;
}

/** What happened within an attempt, in the order it was written down. */
function eventsOf({ log }: RunContext, { step, visit, attempt }: Place): readonly AgentEvent[] {
  return log.events.flatMap((event) =>
    "attempt" in event && event.step === step && event.visit === visit && event.attempt === attempt
      ? isDetail(event)
        ? [event]
        : []
      : [],
  );
}

function isDetail<Event extends { readonly type: string }>(
  event: Event,
): event is Exclude<Event, { readonly type: `attempt.${string}` }> {
  return !event.type.startsWith("attempt.");
}

/** The conversation of the latest earlier visit or try. */
function earlier(context: RunContext, { step, visit, attempt }: Place): ReturnType<typeof messagesOf> {
  const ended = context.log.events.findLast(
    (event) =>
      event.type === "attempt.finished" &&
      event.step === step &&
      (event.visit !== visit || event.attempt !== attempt),
  );
  if (ended?.type !== "attempt.finished") return [];
  const place = { step, visit: ended.visit, attempt: ended.attempt };
  return [
    ...earlier({ ...context, log: upTo(context.log, ended) }, place),
    ...messagesOf(eventsOf(context, place)),
  ];
}

/** A log as it was before an event. */
function upTo(log: RunContext["log"], end: RunContext["log"]["events"][number]): RunContext["log"] {
  return { ...log, events: log.events.slice(0, log.events.indexOf(end)) };
}

/** Tells interfaces what happens in a conversation. */
function show({ ui }: RunContext, event: AgentEvent, where: StepPlace): void {
  switch (event.type) {
    case "model.asked":
      for (const { content } of event.messages) ui.onStepUpdate({ ...where, kind: "prompt", text: content });
      return;
    case "model.replied":
      if (event.text !== "") ui.onStepUpdate({ ...where, kind: "reply", text: event.text });
      return;
    case "call.started":
      ui.onStepUpdate({ ...where, kind: "call", tool: event.tool, text: JSON.stringify(event.arguments) });
      return;
    case "call.finished":
      ui.onStepUpdate({
        ...where,
        kind: "result",
        tool: event.tool,
        text: event.text,
        isError: event.isError,
      });
      return;
    default:
  }
}
