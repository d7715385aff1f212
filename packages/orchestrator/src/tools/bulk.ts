import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import { z } from "zod";
import { actorOf } from "./desk.ts";
import type { Desk } from "./desk.ts";

const confirm = z.boolean().default(false).describe("true: do it; else only the plan is returned");
const limit = z.int().min(1).max(1000).default(1000).describe("Tasks in one call");
const destroying = { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false };

export function clearCompletedTool({ queue }: Desk): Tool {
  return defineTool({
    name: "clear_completed",
    description:
      "Forgets completed tasks. Without confirm: true it returns which and changes nothing. Tasks that unfinished ones depend on stay.",
    annotations: destroying,
    scope: "admin",
    input: z.object({ confirm, limit, older_than_seconds: z.number().min(0).max(31_536_000).default(0) }),
    output: z.object({ done: z.boolean(), cleared: z.int(), ids: z.array(z.string()) }),
    async handler({ confirm: sure, limit: most, older_than_seconds: seconds }) {
      const request = {
        olderThanMs: Math.round(seconds * 1000),
        states: ["completed" as const],
        limit: most,
      };
      const { done, tasks, ids } = await queue.prune({ ...request, confirm: sure });
      const text = done
        ? `Cleared ${tasks} completed tasks`
        : `${tasks} completed tasks would be cleared: call again with confirm: true`;
      return toolResult({ text, structured: { done, cleared: done ? tasks : 0, ids: [...ids] } });
    },
  });
}

const ids = z.array(z.string());

export function resetAllTasksTool({ queue }: Desk): Tool {
  return defineTool({
    name: "reset_all_tasks",
    description:
      "Makes every task wait to be done again: those in workers' hands are taken from them, ended ones run again as new tasks. Without confirm: true it returns the plan and changes nothing.",
    annotations: destroying,
    scope: "admin",
    input: z.object({ confirm, limit }),
    output: z.object({
      done: z.boolean(),
      /** Ended tasks that run again; once done, the new ones. */
      again: ids,
      /** Taken from their workers. */
      revoked: ids,
      /** Need not wait for their next attempt. */
      hurried: ids,
      more: z.boolean(),
    }),
    async handler({ confirm: sure, limit: most }, context) {
      const plan = await queue.reset({ limit: most, actor: actorOf(context), confirm: sure });
      const { done, again, revoked, hurried, more } = plan;
      const count = again.length + revoked.length + hurried.length;
      const rest = more ? "; there are more, call again" : "";
      const text = done
        ? `All tasks reset to pending (${count} changed${rest})`
        : `${count} tasks would be reset${rest}: call again with confirm: true`;
      const structured = { done, again: [...again], revoked: [...revoked], hurried: [...hurried], more };
      return toolResult({ text, structured });
    },
  });
}
