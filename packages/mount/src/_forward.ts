import { ParleyError } from "@parley/core";
import type { JsonObject } from "@parley/mcp-client";
import type { Question, ToolContext } from "@parley/tool-registry";
import { askKinds } from "./_abilities.ts";
import type { HeldCall, Send } from "./_held-call.ts";
import { startCall } from "./_held-call.ts";
import { isObject, questionOf } from "./_questions.ts";
import type { Upstream } from "./_upstream.ts";

/** How often one call may be sent again with more input. */
const maxRounds = 16;
/** The most a server may ask for at once. */
const maxQuestions = 32;

/**
 * Hands a call on and its result back. What the server asks meanwhile is asked of the calling client: a question ends the
 * run of the handler, and the next run goes on where this one stopped (docs/guides/asking.md).
 * @throws what the call fails with; `E_INPUT_EXPIRED` when the answer comes too late
 */
export async function forward(upstream: Upstream, context: ToolContext, send: Send): Promise<JsonObject> {
  if (!askKinds.some((kind) => context.canAsk(kind))) return await once(upstream, context, send);
  return await inRounds(upstream, context, send);
}

/** For a client that answers no questions. */
async function once(upstream: Upstream, context: ToolContext, send: Send): Promise<JsonObject> {
  const call = startCall(upstream, context, (client, options) => send(client, {}, options));
  const detach = call.attach(context);
  try {
    const result = await call.settled();
    if (result === undefined || isInputRequired(result)) throw unasked(upstream);
    return result;
  } finally {
    detach();
  }
}

function unasked({ name }: Upstream): ParleyError {
  return new ParleyError("E_MCP_PROTOCOL", `The mounted server ${name} asks for input that was not offered.`);
}

const isInputRequired = (result: JsonObject): boolean => result["resultType"] === "input_required";

/** A server of 2026-07-28 ends its call with its questions and gets them answered in the next. */
async function inRounds(upstream: Upstream, context: ToolContext, send: Send): Promise<JsonObject> {
  let more: JsonObject = {};
  for (let round = 0; round <= maxRounds; round += 1) {
    let result: JsonObject | undefined;
    const sent = more;
    const asked = await context.once(`asked_${round}`, async () => {
      result = await run({ upstream, context, round }, (client, options) => send(client, sent, options));
      const { inputRequests = {}, requestState } = result;
      return isInputRequired(result) ? { inputRequests, requestState } : null;
    });
    if (asked === null) {
      if (result === undefined) throw unasked(upstream);
      return result;
    }
    const inputResponses = await context.input(questionsOf(upstream, asked.inputRequests, round));
    more = {
      ...(Object.keys(inputResponses).length === 0 ? {} : { inputResponses: unnumbered(inputResponses) }),
      ...(asked.requestState === undefined ? {} : { requestState: asked.requestState }),
    };
  }
  throw new ParleyError(
    "E_MCP_PROTOCOL",
    `The mounted server ${upstream.name} asks for input more than ${maxRounds} times in one call.`,
  );
}

/** Keys carry the round, so that no answer counts for the question of another round. */
function questionsOf(
  { name }: Upstream,
  asked: unknown,
  round: number,
): Readonly<Record<string, Question<JsonObject>>> {
  const entries = isObject(asked) ? Object.entries(asked) : [];
  if (entries.length > maxQuestions) {
    throw new ParleyError(
      "E_MCP_PROTOCOL",
      `The mounted server ${name} asks for more than ${maxQuestions} inputs.`,
    );
  }
  return Object.fromEntries(
    entries.map(([key, each]) => {
      const { method, params } = isObject(each) ? each : {};
      return [`${round}:${key}`, questionOf(method, params)] as const;
    }),
  );
}

function unnumbered(answers: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(answers).map(([key, answer]) => [key.slice(key.indexOf(":") + 1), answer] as const),
  );
}

interface Running {
  readonly upstream: Upstream;
  readonly context: ToolContext;
  readonly round: number;
}

/** A server of the 2025 revisions asks within the call, which is held until the answer comes in a later run. */
async function run(running: Running, start: Parameters<typeof startCall>[2]): Promise<JsonObject> {
  const { upstream, context, round } = running;
  const { holding } = upstream;
  const ticket = await context.once(`call_${round}`, () => holding.add(startCall(upstream, context, start)));
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

async function drive({ context, round }: Running, call: HeldCall): Promise<JsonObject> {
  for (;;) {
    const result = await call.settled();
    if (result !== undefined) return result;
    const numbered = Object.entries(call.open).map(
      ([key, question]) => [`${round}:${key}`, question] as const,
    );
    const answers = await context.input(Object.fromEntries(numbered));
    call.answer(unnumbered(answers) as Readonly<Record<string, JsonObject>>); // `read` let objects through only
  }
}
