import type { FastifyReply, FastifyRequest } from "fastify";
import { ParleyError } from "@parley/core";
import { listResource, toolContext } from "@parley/tool-registry";
import type { Resource } from "@parley/tool-registry";
import type { Upstream } from "../upstream/upstream.ts";
import { acceptedTypes } from "./accept.ts";
import { mediaType } from "./answer.ts";
import { faultOfError } from "./faults.ts";
import {
  callerSignal,
  checkReachable,
  findUpstream,
  preferredWaitMs,
  sendFault,
  viewFor,
} from "./serving.ts";
import type { Serving } from "./serving.ts";

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The server, if its resources and prompts are for this caller. @throws `E_OBJECT_UNKNOWN` */
export function findFor(serving: Serving, server: string, { request }: Exchange): Upstream {
  const view = viewFor(serving, request);
  const upstream = findUpstream(serving, server, view);
  if (view.seesMoreThanTools(server)) return upstream;
  throw new ParleyError("E_AUTH_FORBIDDEN", `The key "${request.caller.name}" is for certain tools alone.`);
}

export function listResources(upstream: Upstream): Readonly<Record<string, unknown>> {
  const { resources } = upstream.catalogue;
  const listed = (isTemplate: boolean) =>
    resources.filter(({ uri }) => (uri === undefined) === isTemplate).map((one) => listResource(one));
  return { resources: listed(false), resourceTemplates: listed(true) };
}

/** Answers with the resource itself, in its own type. */
export async function readResource(
  serving: Serving,
  { server, uri }: { readonly server: string; readonly uri: string },
  exchange: Exchange,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const upstream = findFor(serving, server, exchange);
  try {
    const resource = pick(upstream, uri);
    const context = toolContext({ signal: callerSignal(reply), caller: request.caller.name });
    const contents = await upstream.within(
      "resources/read",
      { context, timeoutMs: preferredWaitMs(request) },
      (limited) => resource.read(uri, limited),
    );
    return sendContents(contents, exchange);
  } catch (thrown) {
    const fault = faultOfError(thrown);
    // The revision of 2026-07-28 says so of a resource that is not there.
    return sendFault(reply, fault.error.details?.["rpcCode"] === -32_602 ? { ...fault, status: 404 } : fault);
  }
}

/** A listed one, or a family that may hold it: whether it does, the server knows. */
function pick(upstream: Upstream, uri: string): Resource {
  const { resources } = upstream.catalogue;
  const found =
    resources.find((resource) => resource.uri === uri) ?? resources.find(({ uriTemplate }) => uriTemplate);
  if (found !== undefined) return found;
  checkReachable(upstream);
  const shown = JSON.stringify(uri.slice(0, 200));
  throw new ParleyError("E_OBJECT_UNKNOWN", `The server ${upstream.server.name} has no resource ${shown}.`);
}

function sendContents(contents: Awaited<ReturnType<Resource["read"]>>, exchange: Exchange): FastifyReply {
  const { request, reply } = exchange;
  const [only, ...others] = contents;
  const wantsJson = acceptedTypes(request.headers.accept)[0] === "application/json";
  if (only === undefined || others.length > 0 || wantsJson) return reply.send({ contents });
  // A stranger's page must not act in the name of this address.
  void reply.header("content-security-policy", "sandbox; default-src 'none'");
  void reply.header("x-content-type-options", "nosniff");
  if ("blob" in only && typeof only.blob === "string") {
    return reply.type(mediaType(only.mimeType)).send(Buffer.from(only.blob, "base64"));
  }
  const text = "text" in only && typeof only.text === "string" ? only.text : "";
  return reply.type(mediaType(only.mimeType, "text/plain; charset=utf-8")).send(text);
}
