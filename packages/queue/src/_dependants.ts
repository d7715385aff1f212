import type { Context } from "./_context.ts";
import { amend, transition } from "./_context.ts";
import type { TaskRow } from "./_rows.ts";
import { tasksOf } from "./_statements.ts";
import { isFinal } from "./states.ts";

/** The state a task that nothing holds back any more goes to. */
export function readyState(
  row: Pick<TaskRow, "wakeAt" | "waitingOn">,
  wall: number,
): "blocked" | "scheduled" | "pending" {
  if (row.waitingOn > 0) return "blocked";
  return row.wakeAt !== null && row.wakeAt > wall ? "scheduled" : "pending";
}

function satisfy(context: Context, child: TaskRow): void {
  const less = { waitingOn: child.waitingOn - 1 };
  if (child.state !== "blocked" || less.waitingOn > 0) amend(context, child, less);
  else {
    const to = readyState({ ...child, ...less }, context.time.wall) === "scheduled" ? "scheduled" : "pending";
    transition(context, child, { name: "unblocked", to, patch: less });
  }
}

/** Tells the children of a task that has just ended; a child that ends by it tells its own. */
function settleDependants(context: Context, ended: TaskRow): void {
  const { statements } = context;
  const open = [ended];
  for (let parent = open.pop(); parent; parent = open.pop()) {
    for (const child of tasksOf(statements, statements.childrenOf(parent.seq))) {
      if (isFinal(child.state)) continue;
      if (parent.state === "completed" || child.onParentFailure === "continue") satisfy(context, child);
      else {
        const skip = child.onParentFailure === "skip";
        const change = skip
          ? ({ name: "skipped", to: "skipped" } as const)
          : ({ name: "parent_failed", to: "failed" } as const);
        open.push(transition(context, child, { ...change, data: { parent: parent.id } }));
      }
    }
  }
}

/** Ends a task and tells its dependants. */
export function end(context: Context, row: TaskRow, change: Parameters<typeof transition>[2]): TaskRow {
  const ended = transition(context, row, change);
  if (isFinal(ended.state)) settleDependants(context, ended);
  return ended;
}
