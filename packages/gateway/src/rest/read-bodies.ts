import type { FastifyInstance, FastifyRequest } from "fastify";
import { isDeeperThan, maxDepth } from "@parley/server";
import { unreadable } from "./faults.ts";
import { sendFault } from "./serving.ts";

/** A body that is no JSON. */
class Unreadable extends Error {}

/** A body of another kind, as fastify has it. */
class OtherKind extends Error {
  readonly statusCode = 415;
}

/** JSON under any of its names. */
const jsonTypes = /^application\/(?:[\w.+-]+\+)?json(?:$|[\s;])/i;

/** Reads bodies as mcpo does: none is no arguments, and one without a type is JSON. */
export function readBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<string>(
    jsonTypes,
    { parseAs: "string" },
    async (_request: unknown, body: string) => argumentsIn(body),
  );
  scope.addContentTypeParser<string>(
    "*",
    { parseAs: "string" },
    async ({ headers }: FastifyRequest, body: string) => {
      if (headers["content-type"] === undefined) return argumentsIn(body);
      throw new OtherKind("The body is of another type.");
    },
  );
  const inherited = scope.errorHandler;
  scope.setErrorHandler(
    (thrown, request, reply) =>
      thrown instanceof Unreadable
        ? sendFault(reply, unreadable(thrown.message))
        : inherited.call(scope, thrown as never, request, reply), // fastify's own handler takes what it hands to ours
  );
}

function argumentsIn(sent: string): unknown {
  const body = sent.replace(/^\uFEFF/, "");
  if (body.trim() === "") return {};
  if (isDeeperThan(body, maxDepth)) throw new Unreadable(`The body nests deeper than ${maxDepth}.`);
  try {
    return JSON.parse(body);
  } catch {
    throw new Unreadable("The body is no JSON.");
  }
}
