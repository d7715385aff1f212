import { ParleyError } from "@parley/core";
import { z } from "zod";
import {
  AllocationView,
  readAllocation,
  readAllocations,
  sayAllocation,
  viewAllocation,
} from "../allocations.ts";
import { AllocationId, JobId, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

const most = 50;

/** An allocation, or those of a job, with task states, events and exit codes. */
export const getAllocationStatus = operation({
  name: "get_allocation_status",
  description: "Shows an allocation, or the newest 50 of a job: task states, exit codes, last events.",
  toolset: "jobs",
  route: { method: "GET", path: "/api/allocations/status" },
  effect: "read",
  input: z.strictObject({
    allocation_id: AllocationId.optional(),
    job_id: JobId.optional(),
    namespace: Namespace,
  }),
  output: z.object({ allocations: z.array(AllocationView), left_out: z.number() }),
  async run({ allocation_id, job_id, namespace }, call) {
    if (allocation_id !== undefined) {
      return {
        allocations: [viewAllocation(await readAllocation(call, allocation_id, namespace))],
        left_out: 0,
      };
    }
    if (job_id === undefined) {
      throw new ParleyError("E_ARGUMENT_INVALID", "Give an allocation_id or a job_id.");
    }
    const found = await readAllocations(call, job_id, namespace);
    const sorted = found.toSorted((one, other) => other.CreateIndex - one.CreateIndex);
    return {
      allocations: sorted.slice(0, most).map(viewAllocation),
      left_out: Math.max(0, sorted.length - most),
    };
  },
  say: ({ allocations, left_out }) =>
    [
      ...allocations.flatMap((view) => [
        sayAllocation(view),
        ...view.tasks.flatMap(({ task, events }) =>
          events.slice(-3).map(({ type, message }) => `  ${task}: ${type}: ${message}`),
        ),
      ]),
      ...(allocations.length === 0 ? ["(none)"] : []),
      ...(left_out === 0 ? [] : [`${String(left_out)} older ones left out.`]),
    ].join("\n"),
});
