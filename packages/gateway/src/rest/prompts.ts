import type { FastifyReply } from "fastify";
import { ParleyError } from "@parley/core";
import { listPrompt } from "@parley/tool-registry";
import type { Prompt } from "@parley/tool-registry";
import { isRecord } from "../record.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { faultOfError, unreadable } from "./faults.ts";
import { findFor } from "./resources.ts";
import type { Exchange } from "./resources.ts";
import { callerContext, checkReachable, preferredWaitMs, sendFault } from "./serving.ts";
import type { Serving } from "./serving.ts";

export function listPrompts(upstream: Upstream): Readonly<Record<string, unknown>> {
  return { prompts: Array.from(upstream.catalogue.prompts.values(), (prompt) => listPrompt(prompt)) };
}

/** Answers with the messages of a prompt. */
export async function getPrompt(
  serving: Serving,
  { server, prompt: name }: { readonly server: string; readonly prompt: string },
  exchange: Exchange,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const upstream = findFor(serving, server, exchange);
  const args = textsOf(request.body);
  if (args === undefined) {
    return sendFault(reply, unreadable("The arguments of a prompt are a JSON object of texts."));
  }
  try {
    const prompt = find(upstream, name);
    const context = callerContext(request, reply);
    const found = await upstream.within(
      `prompts/get ${name}`,
      { context, timeoutMs: preferredWaitMs(request) },
      (limited) => prompt.get(args, limited),
    );
    return reply.send(found);
  } catch (thrown) {
    return sendFault(reply, faultOfError(thrown));
  }
}

function find(upstream: Upstream, name: string): Prompt {
  const found = upstream.catalogue.prompts.get(name);
  if (found !== undefined) return found;
  if (upstream.catalogue.prompts.size === 0) checkReachable(upstream);
  const shown = JSON.stringify(name.slice(0, 64));
  throw new ParleyError(
    "E_OBJECT_UNKNOWN",
    `The server ${upstream.server.name} has no prompt named ${shown}.`,
  );
}

function textsOf(body: unknown): Readonly<Record<string, string>> | undefined {
  const given = body ?? {};
  if (!isRecord(given)) return undefined;
  const entries = Object.entries(given).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return entries.length === Object.keys(given).length ? Object.fromEntries(entries) : undefined;
}
