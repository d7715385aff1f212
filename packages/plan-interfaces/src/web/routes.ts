import { ParleyError } from "@parley/core";
import { createPlanPage } from "@parley/page";
import { requireScope } from "@parley/server";
import type { FastifyInstance } from "fastify";
import type { RunBook } from "../run-book.ts";
import { follow } from "./stream.ts";
import type { Follower } from "./stream.ts";

/** Browsers that may follow at once. */
const mostFollowers = 50;
const longestAnswer = 100_000;

/** The page, `GET /-/run` as server-sent events, and `POST /-/answers`. */
export function planRoutes(
  book: RunBook,
  followers: Set<Follower>,
): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    await createPlanPage().plugin(scope);
    scope.get("/-/run", { preHandler: requireScope("read"), schema: { hide: true } }, (_request, reply) => {
      if (followers.size >= mostFollowers) {
        throw new ParleyError("E_SUBSCRIPTION_LIMIT", `${mostFollowers} browsers follow this run already.`);
      }
      reply.hijack();
      reply.raw.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        connection: "close",
      });
      const follower = follow(reply.raw, () => book.view);
      followers.add(follower);
      reply.raw.once("close", () => followers.delete(follower));
    });
    scope.post<{ Body: unknown }>(
      "/-/answers",
      { preHandler: requireScope("admin"), schema: { hide: true }, bodyLimit: 4 * longestAnswer },
      async (request, reply) => {
        const { id, answer } = readAnswer(request.body);
        book.answer(id, answer);
        return reply.code(204).send();
      },
    );
  };
}

function readAnswer(body: unknown): { id: string; answer: string } {
  if (typeof body === "object" && body !== null && "id" in body && "answer" in body) {
    const { id, answer } = body;
    if (typeof id === "string" && typeof answer === "string" && answer.length <= longestAnswer)
      return { id, answer };
  }
  throw new ParleyError("E_ARGUMENT_INVALID", 'Send { "id": "STEP.confirm", "answer": "yes" }.');
}
