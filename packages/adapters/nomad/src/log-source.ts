import { ParleyError } from "@parley/core";
import { readAllocation, readAllocations } from "./allocations.ts";
import type { Allocation } from "./answers.ts";
import type { Call } from "./call.ts";

/** The allocation whose logs are meant: the newest that runs, else the newest of all. */
export async function chooseAllocations(
  call: Call,
  request: { readonly job_id: string; readonly namespace?: string | undefined; readonly all: boolean },
): Promise<Allocation[]> {
  const found = await readAllocations(call, request.job_id, request.namespace);
  const sorted = found
    .filter(({ TaskStates }) => Object.keys(TaskStates).length > 0)
    .toSorted((one, other) => rank(other) - rank(one) || other.ModifyTime - one.ModifyTime);
  if (sorted.length === 0) {
    throw new ParleyError(
      "E_OBJECT_UNKNOWN",
      `Job ${JSON.stringify(request.job_id)} has no allocation that started; get_job_evaluations says why.`,
    );
  }
  return sorted.slice(0, request.all ? 20 : 1);
}

/** The allocation a request names, whole. */
export async function namedAllocation(call: Call, id: string, namespace?: string): Promise<Allocation[]> {
  return [await readAllocation(call, id, namespace)];
}

const rank = ({ ClientStatus }: Allocation): number => (ClientStatus === "running" ? 1 : 0);

/** The task whose logs are meant: the one given, the only one, or the one that failed. */
export function chooseTask(allocation: Allocation, given: string | undefined): string {
  const tasks = Object.entries(allocation.TaskStates);
  if (given !== undefined) return given;
  const failed = tasks.filter(([, state]) => state.Failed);
  const [choice] = tasks.length === 1 ? tasks : failed;
  if (choice !== undefined) return choice[0];
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    tasks.length === 0
      ? `Allocation ${allocation.ID} has not started a task: name one.`
      : `Allocation ${allocation.ID} has several tasks: name one of ${tasks.map(([name]) => name).join(", ")}.`,
  );
}
