import { ExitWith, resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { ExitCode, ParleyError } from "@parley/core";
import { openModel } from "@parley/llm/open";
import { createAgent } from "@parley/plans";
import type { AgentEvent, Asker, PlanInterface } from "@parley/plans";
import { agentOptions } from "../parley-options.ts";
import { openInterface } from "./interface.ts";
import { openPlanServers } from "./servers.ts";

/** `parley agent`: the answer goes to standard output, what is said and called on the way to standard error. */
export async function agentCommand(
  io: Io,
  { goal, flags }: { readonly goal: string; readonly flags: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { values } = resolveOptions(agentOptions, { flags, env: io.env });
  const { prompt: name, argument, tools, maxTurns: turns, maxCalls: calls, maxTokens: tokens, json } = values;
  const opened = await openModel(values, { env: io.env, answered: 0 });
  const { model } = opened;
  if (model === undefined)
    throw new ParleyError("E_CONFIG_INVALID", "An agent needs a model: give --llm-model NAME.");
  const ui = await openInterface(values, io);
  const servers = await openPlanServers(values, io);
  try {
    const agent = createAgent({
      model,
      servers: servers.clients,
      ...(name !== undefined && { prompt: { name, arguments: argument } }),
      tools: tools.length === 0 ? undefined : tools,
      limits: { turns, calls, tokens },
      ask: asker(ui),
    });
    const { outputs, text, error, used } = await agent.run(goal === "" ? undefined : goal, {
      signal: io.signal,
      onEvent: (event) => show(ui, event),
    });
    io.out(json ? JSON.stringify({ text, outputs, error, used }) : text);
    if (error === undefined) return;
    ui.onLog({ level: "error", message: error.message });
    throw new ExitWith(error.code === "E_PLAN_LIMIT" ? ExitCode.limit : ExitCode.failed);
  } finally {
    await servers.close();
    await ui.close();
    await opened.close();
  }
}

const asker =
  (ui: PlanInterface): Asker =>
  async ({ text, options }, { signal }) =>
    await ui.ask({ id: "agent.ask", runId: "agent", step: "agent", text, options, free: true }, { signal });

function show(ui: PlanInterface, event: AgentEvent): void {
  const where = { runId: "agent", path: [], step: "agent", visit: 1, attempt: 1 };
  if (event.type === "model.replied" && event.text !== "") {
    ui.onStepUpdate({ ...where, kind: "reply", text: event.text });
  }
  if (event.type === "call.started") {
    ui.onStepUpdate({ ...where, kind: "call", tool: event.tool, text: JSON.stringify(event.arguments) });
  }
  if (event.type === "call.finished") {
    const { tool, text, isError } = event;
    ui.onStepUpdate({ ...where, kind: "result", tool, text, isError });
  }
}
