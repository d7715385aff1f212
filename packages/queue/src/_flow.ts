import type { Context } from "./_context.ts";
import { refused } from "./_context.ts";
import type { TaskRow } from "./_rows.ts";
import { submit } from "./_submit.ts";
import type { FlowTask, Outcome, Refusal } from "./schema.ts";

type Order = { readonly tasks: readonly FlowTask[] } | { readonly refusal: Refusal };

const refusal = (code: Refusal["code"], message: string): Order => ({ refusal: { code, message } });

/** Parents before children (Kahn), or a cycle to name. */
function orderFlow(tasks: readonly FlowTask[]): Order {
  const byRef = new Map(tasks.map((task) => [task.ref, task]));
  if (byRef.size < tasks.length)
    return refusal("duplicate_ref", "Two tasks of the flow share a ref: give each its own.");
  const children = new Map<string, FlowTask[]>();
  const open = new Map<string, number>();
  for (const task of tasks) {
    const inside = [...new Set(task.dependsOn)].filter((name) => byRef.has(name));
    open.set(task.ref, inside.length);
    for (const name of inside) children.set(name, [...(children.get(name) ?? []), task]);
  }
  const ordered = tasks.filter(({ ref }) => open.get(ref) === 0);
  for (let index = 0; index < ordered.length; index += 1) {
    for (const child of children.get(ordered[index]?.ref ?? "") ?? []) {
      const left = (open.get(child.ref) ?? 0) - 1;
      open.set(child.ref, left);
      if (left === 0) ordered.push(child);
    }
  }
  if (ordered.length === tasks.length) return { tasks: ordered };
  const stuck = tasks.filter(({ ref }) => (open.get(ref) ?? 0) > 0).map(({ ref }) => ref);
  return refusal("dependency_cycle", `These tasks wait for each other in a circle: ${stuck.join(", ")}.`);
}

/** Submits a graph of tasks, all or none; outcomes are in the order given. */
export function submitFlow(context: Context, tasks: readonly FlowTask[]): readonly Outcome[] {
  const order = orderFlow(tasks);
  if ("refusal" in order) return tasks.map(() => ({ ok: false, refusal: order.refusal }));
  const flow = new Map<string, TaskRow>();
  const outcomes = new Map<string, Outcome>();
  for (const { ref, ...input } of order.tasks) {
    const { outcome, row } = submit(context, { input, flow });
    outcomes.set(ref, outcome);
    if (row) flow.set(ref, row);
  }
  return tasks.map(
    ({ ref }) => outcomes.get(ref) ?? refused("dependency_unknown", `The task ${ref} was not reached.`),
  );
}
