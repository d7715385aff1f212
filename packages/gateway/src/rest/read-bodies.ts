import type { FastifyInstance } from "fastify";
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
  scope.addContentTypeParser<string>(jsonTypes, { parseAs: "string" }, (_request, body, done) =>
    read(body, done),
  );
  scope.addContentTypeParser<string>("*", { parseAs: "string" }, ({ headers }, body, done) => {
    if (headers["content-type"] === undefined) read(body, done);
    else done(new OtherKind("The body is of another type."));
  });
  const inherited = scope.errorHandler;
  scope.setErrorHandler(
    (thrown, request, reply) =>
      thrown instanceof Unreadable
        ? sendFault(reply, unreadable(thrown.message))
        : inherited.call(scope, thrown as never, request, reply), // fastify's own handler takes what it hands to ours
  );
}

/** Without a promise: nearly every request has a body. */
function read(sent: string, done: (error: Error | null, body?: unknown) => void): void {
  // An object, as nearly every body is, needs no look at its edges.
  const isObject = sent.startsWith("{");
  const body = isObject ? sent : sent.replace(/^\uFEFF/, "");
  if (!isObject && body.trim() === "") return done(null, {});
  if (isDeeperThan(body, maxDepth)) return done(new Unreadable(`The body nests deeper than ${maxDepth}.`));
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return done(new Unreadable("The body is no JSON."));
  }
  done(null, given);
}
