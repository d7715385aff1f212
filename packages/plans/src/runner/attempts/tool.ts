import { ParleyError, toParleyError } from "@parley/core";
import type { McpCallOptions } from "@parley/mcp-client";
import { callTool, followHandle, wasCutOff } from "../../servers/call-tool.ts";
import type { CallResult, Handle } from "../../servers/call-tool.ts";
import type { FoundTool } from "../../servers/catalog.ts";
import { outputsOf, sentence } from "../../servers/outputs.ts";
import { placeOf } from "../context.ts";
import type { Attempt, Done, RunContext } from "../context.ts";
import { elicitation } from "../elicitation.ts";
import { faultOf, stopsRun } from "../faults.ts";

/** Longest single call without a word from the tool: 10 minutes. */
const defaultTimeoutMs = 600_000;

/** A call was cut off, and its tool does not say that it may be made again. */
export class CutOff extends Error {
  readonly code: string;

  constructor({ code, message }: { code: string; message: string }) {
    super(message);
    this.code = code;
  }
}

/** The tool of a step, and whether its call may be made twice. */
export function toolOf(context: RunContext, { step }: Pick<Attempt, "step">): FoundTool {
  const { tool = "", server, repeat } = step.spec;
  const found = context.catalog.tool(tool, server);
  return repeat === "safe" ? { ...found, repeatable: true } : found;
}

/** Calls the tool of a step. */
export async function attemptTool(context: RunContext, attempt: Attempt): Promise<Done> {
  const found = toolOf(context, attempt);
  const { step, visit, attempt: number, inputs, signal, continuing } = attempt;
  const { log, ui } = context;
  const place = { step: step.name, visit, attempt: number };
  const where = placeOf(context, attempt);
  const options: McpCallOptions = {
    signal,
    timeoutMs: step.spec.timeout_seconds === undefined ? defaultTimeoutMs : step.spec.timeout_seconds * 1000,
    handlers: elicitation(context, attempt),
    onProgress: ({ progress: done, total, message = "" }) =>
      ui.onStepUpdate({ ...where, kind: "progress", text: message, progress: { done, total } }),
  };
  const onHandle = async ({ task, poll }: Handle): Promise<void> =>
    await log.append({ type: "call.outlives", ...place, id: "1", task, poll });
  const handle = continuing ? handleOf(context, place) : undefined;
  const tool = found.tool.name;
  ui.onStepUpdate({ ...where, kind: "call", tool, text: JSON.stringify(inputs) });
  try {
    const result = await (handle === undefined
      ? callTool(found, inputs, { ...options, onHandle })
      : followHandle(found, handle, options));
    ui.onStepUpdate({ ...where, kind: "result", tool, text: result.text, isError: result.isError });
    return doneOf(result);
  } catch (thrown) {
    return refused(thrown, found, signal);
  }
}

/** The handle that an earlier process got for the call, if it had one. */
export function handleOf(
  { log }: RunContext,
  { step, visit, attempt }: { step: string; visit: number; attempt: number },
): Handle | undefined {
  const event = log.events.findLast(
    (one) =>
      one.type === "call.outlives" && one.step === step && one.visit === visit && one.attempt === attempt,
  );
  return event?.type === "call.outlives" ? event : undefined;
}

function doneOf(result: CallResult): Done {
  const outputs = outputsOf(result);
  const used = { calls: 1 };
  if (!result.isError) return { outputs, used };
  const final = result.code === "E_ARGUMENT_INVALID" || result.code === "E_TOOL_UNKNOWN";
  return {
    outputs,
    used,
    final,
    error: { code: result.code ?? "E_TOOL_FAILED", message: sentence(result.text) },
  };
}

/** @throws {@link CutOff}, and what stops the run */
function refused(thrown: unknown, { repeatable }: FoundTool, signal: AbortSignal): Done {
  const error = toParleyError(thrown);
  // Whoever resumes the run finds the call begun and not ended.
  if (signal.aborted) throw error;
  if (!wasCutOff(thrown) && stopsRun(error)) throw error;
  const cut = wasCutOff(thrown);
  if (cut && !repeatable) throw new CutOff(error);
  const final = ParleyError.isInstance(thrown) && thrown.details["rpcCode"] === -32_602;
  return { outputs: {}, error: faultOf(error), final, used: { calls: 1 } };
}
