import { ParleyError } from "@parley/core";
import type { JsonObject, McpCallOptions } from "@parley/mcp-client";
import type { ToolContext } from "@parley/tool-registry";
import { askKinds, capabilitiesOf } from "./_abilities.ts";
import type { HeldCall, Send } from "./_held-call.ts";
import { startCall } from "./_held-call.ts";
import { questionsOf } from "./_questions.ts";
import { createKeys } from "./_round-keys.ts";
import { followsTasks, followTask, missingCapabilities, taskIn, wantsTask } from "./_task.ts";
import type { Upstream } from "./_upstream.ts";

/** How often one call may be sent again with more input. */
const maxRounds = 16;

/**
 * Hands a call on and its result back. What the server asks meanwhile is asked of the calling client: a question ends the
 * run of the handler, and the next run goes on where this one stopped (docs/guides/asking.md). A task is followed.
 * @throws what the call fails with; `E_INPUT_EXPIRED` when the answer comes too late
 */
export async function forward(upstream: Upstream, context: ToolContext, send: Send): Promise<JsonObject> {
  try {
    const declaring = withTasks(context, send);
    const { canAsk } = context;
    if (askKinds.some((kind) => canAsk(kind))) return await inRounds(upstream, context, declaring);
    return await once(upstream, context, declaring);
  } catch (error) {
    upstream.visits.failed(error, context.session);
    throw asUnsupported(error);
  }
}

/** Declares that tasks are followed where the client follows ours, and where the server takes nothing else. */
function withTasks({ mayOutlive = false, canAsk }: ToolContext, send: Send): Send {
  const following = (call: McpCallOptions): McpCallOptions => ({
    ...call,
    capabilities: { ...capabilitiesOf(canAsk), ...followsTasks },
  });
  if (mayOutlive) return (client, more, call) => send(client, more, following(call));
  return (client, more, call) =>
    send(client, more, call).catch((error: unknown) => {
      if (!wantsTask(error)) throw error;
      return send(client, more, following(call));
    });
}

/** A client that lacks what a server needs is told so in the words of its own revision. */
function asUnsupported(error: unknown): unknown {
  const requiredCapabilities = missingCapabilities(error);
  if (Object.keys(requiredCapabilities).length === 0 || !ParleyError.isInstance(error)) return error;
  return new ParleyError("E_INPUT_UNSUPPORTED", error.message, {
    cause: error,
    details: { requiredCapabilities },
  });
}

/** For a client that answers no questions. */
async function once(upstream: Upstream, context: ToolContext, send: Send): Promise<JsonObject> {
  const call = startCall(upstream, context, (client, options) => send(client, {}, options));
  const detach = call.attach(context);
  try {
    const result = await call.settled();
    if (result === undefined || isInputRequired(result)) throw unasked(upstream);
    const taskId = taskIn(result);
    return taskId === undefined ? result : await follow(upstream, context, taskId);
  } finally {
    detach();
  }
}

function unasked({ name }: Upstream): ParleyError {
  return new ParleyError("E_MCP_PROTOCOL", `The mounted server ${name} asks for input that was not offered.`);
}

const isInputRequired = (result: JsonObject): boolean => result["resultType"] === "input_required";

async function follow(upstream: Upstream, context: ToolContext, taskId: string): Promise<JsonObject> {
  await context.outlive?.();
  const { lane, release } = upstream.lanes.take(context);
  try {
    return await followTask(taskId, { name: upstream.name, client: lane.client, context });
  } finally {
    release();
  }
}

/** What one round of a call came to, as it is kept over the runs; `null` for a result. */
function rememberedOf(result: JsonObject): JsonObject | null {
  const taskId = taskIn(result);
  if (taskId !== undefined) return { taskId };
  const { inputRequests = {}, requestState } = result;
  return isInputRequired(result) ? { inputRequests, requestState } : null;
}

/** A server of 2026-07-28 ends its call with its questions and gets them answered in the next. */
async function inRounds(upstream: Upstream, context: ToolContext, send: Send): Promise<JsonObject> {
  const first = context.isFirstRun === true ? await tryPlain(upstream, context, send) : undefined;
  if (first !== undefined && "result" in first) return first.result;
  let more: JsonObject = {};
  const keys = createKeys();
  for (let round = 0; round <= maxRounds; round += 1) {
    let result: JsonObject | undefined;
    const sent = more;
    const asked = await context.once(`asked_${round}`, async () => {
      const started = round === 0 ? first?.call : undefined;
      result = await run({ upstream, context, round, started }, (client, options) =>
        send(client, sent, options),
      );
      return rememberedOf(result);
    });
    if (asked === null) {
      if (result === undefined) throw unasked(upstream);
      return result;
    }
    const { taskId, inputRequests, requestState } = asked;
    if (typeof taskId === "string") return await follow(upstream, context, taskId);
    const questions = keys.give(questionsOf(upstream.name, inputRequests));
    const inputResponses = keys.takeBack(await context.input(questions));
    more = {
      ...(Object.keys(inputResponses).length === 0 ? {} : { inputResponses }),
      ...(requestState === undefined ? {} : { requestState }),
    };
  }
  throw new ParleyError(
    "E_MCP_PROTOCOL",
    `The mounted server ${upstream.name} asks for input more than ${maxRounds} times in one call.`,
  );
}

/**
 * Runs a call as most of them end, with a result and without a question, for which nothing is written down.
 * @returns the call, which goes on, where it is another
 */
async function tryPlain(
  upstream: Upstream,
  context: ToolContext,
  send: Send,
): Promise<{ readonly result: JsonObject } | { readonly call: HeldCall }> {
  const call = startCall(upstream, context, (client, options) => send(client, {}, options));
  const detach = call.attach(context);
  try {
    const result = await call.settled();
    return result === undefined || rememberedOf(result) !== null ? { call } : { result };
  } finally {
    detach();
  }
}

interface Running {
  readonly upstream: Upstream;
  readonly context: ToolContext;
  readonly round: number;
  /** The call, where it runs already. */
  readonly started?: HeldCall | undefined;
}

/** A server of the 2025 revisions asks within the call, which is held until the answer comes in a later run. */
async function run(running: Running, start: Parameters<typeof startCall>[2]): Promise<JsonObject> {
  const { upstream, context, round, started } = running;
  const { holding } = upstream;
  const ticket = await context.once(`call_${round}`, () =>
    holding.add(started ?? startCall(upstream, context, start)),
  );
  const call = holding.get(ticket);
  holding.wait(ticket, false);
  const detach = call.attach(context);
  try {
    const result = await drive(running, call);
    holding.remove(ticket);
    return result;
  } catch (error) {
    const waits = ParleyError.isInstance(error) && error.code === "E_INPUT_REQUIRED";
    if (waits) holding.wait(ticket, true);
    else {
      holding.remove(ticket);
      call.end(error);
    }
    throw error;
  } finally {
    detach();
  }
}

async function drive({ upstream, context }: Running, call: HeldCall): Promise<JsonObject> {
  for (;;) {
    const result = await call.settled();
    if (result !== undefined) return result;
    upstream.visits.asked(call.open, context.session);
    call.answer(await context.input(call.open));
  }
}
