import type { FastifyInstance } from "fastify";
import { serveAssets } from "./serve-assets.ts";

/** A board of tasks. */
export interface TaskBoard {
  /** Adds `/` and `/-/FILE`; register it with a prefix, before the server listens. */
  plugin(scope: FastifyInstance): Promise<void>;
}

/** How {@link createTaskBoard} is called. */
export interface TaskBoardOptions {
  /** Path of the MCP endpoint of `parley-tasks`, from the board; default `../mcp`. */
  readonly mcpPath?: string | undefined;
}

const frame = { title: "Tasks", secret: "Token", label: "Bearer token", isWide: true } as const;

/**
 * Makes the page of a task queue: tasks by status, one task with its attempts and what was said about them, the circuit
 * breaker and the throughput. All it shows comes over MCP, with the token that a person types.
 */
export function createTaskBoard({ mcpPath = "../mcp" }: TaskBoardOptions = {}): TaskBoard {
  return {
    async plugin(scope) {
      serveAssets(scope, { document: "board.html", entry: "board.js", files: "-/", mcpPath, frame });
    },
  };
}
