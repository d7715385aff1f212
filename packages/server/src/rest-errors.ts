import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { type ErrorCode, ParleyError } from "@parley/core";
import type { FaultHeaders } from "./fault-headers.ts";

/** An error as it leaves over HTTP. */
export interface HttpFault {
  readonly status: number;
  readonly error: ParleyError;
}

/** Turns whatever a route or fastify threw into a status and an error; a fault of ours says nothing of its cause. */
export function httpFault(thrown: unknown): HttpFault {
  if (ParleyError.isInstance(thrown)) return { status: thrown.status, error: thrown };
  if (hasZodFastifySchemaValidationErrors(thrown)) return { status: 400, error: invalid(thrown.validation) };
  const status = statusOf(thrown);
  if (status === undefined || status >= 500 || !(thrown instanceof Error)) {
    const error = new ParleyError("E_INTERNAL", "The server failed to answer; its log says why.", {
      cause: thrown,
    });
    return { status: status === 503 ? 503 : 500, error };
  }
  const code: ErrorCode = status === 413 ? "E_BODY_TOO_LARGE" : "E_ARGUMENT_INVALID";
  return { status, error: new ParleyError(code, words[status] ?? thrown.message, { cause: thrown }) };
}

/** What fastify says too shortly. */
const words: Readonly<Record<number, string>> = {
  413: "The body is larger than this server takes: send less, or have its limit raised.",
  415: "The body is of a type that is not read here: send JSON, with the header content-type: application/json.",
};

/** Answers errors and unknown routes with `{ error: { code, message, retryable }, detail }`. */
export function installRestErrors(app: FastifyInstance, faultHeaders: FaultHeaders): void {
  const sendFault = (request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply => {
    const { status, error } = noteFault(request, thrown);
    faultHeaders(reply, error);
    return reply.code(status).send({ error: error.toJSON(), detail: error.message });
  };
  app.setErrorHandler((thrown, request, reply) => sendFault(request, reply, thrown));
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsAt(app, request.url);
    if (allowed.length > 0)
      return sendFault(request, reply.header("allow", allowed.join(", ")), otherMethod(request));
    const message = `There is no ${request.method} ${request.url.slice(0, 200)}; see /openapi.json.`;
    return sendFault(request, reply, new ParleyError("E_ROUTE_UNKNOWN", message));
  });
}

/** What is said of a path that is there for other methods. */
function otherMethod({ method, url }: FastifyRequest): ParleyError {
  const [path = ""] = url.split("?");
  return new ParleyError(
    "E_METHOD_REFUSED",
    `${path.slice(0, 200)} does not take ${method}: the Allow header names what it takes.`,
  );
}

/** The methods of a path without parameters. */
function methodsAt(app: FastifyInstance, url: string): readonly string[] {
  const [path = ""] = url.split("?");
  // A sign that means something in the pattern of a route stands in no such path.
  if (/[:*]/.test(path)) return [];
  return ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].filter((method) =>
    app.hasRoute({ method, url: path }),
  );
}

/** {@link httpFault}, kept on the request for those who watch, and logged when it is a fault of this server. */
export function noteFault(request: FastifyRequest, thrown: unknown): HttpFault {
  const fault = httpFault(thrown);
  request.fault = fault.error;
  if (fault.status >= 500) request.log.error({ err: thrown }, "request failed");
  return fault;
}

function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null || !("statusCode" in thrown)) return undefined;
  return typeof thrown.statusCode === "number" ? thrown.statusCode : undefined;
}

function invalid(issues: readonly { instancePath: string; message?: string | undefined }[]): ParleyError {
  const found = issues.map(({ instancePath, message }) => ({
    path: instancePath.slice(1).replaceAll("/", "."),
    message: message ?? "does not fit",
  }));
  const shown = found.slice(0, 5).map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return new ParleyError("E_ARGUMENT_INVALID", `The request does not fit: ${shown.join("; ")}`, {
    details: { issues: found },
  });
}
