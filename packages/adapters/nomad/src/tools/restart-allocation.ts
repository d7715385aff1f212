import { z } from "zod";
import { resolveId } from "../allocations.ts";
import { Ignored } from "../answers.ts";
import { AllocationId, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Restarts the tasks of an allocation where they are. */
export const restartAllocation = operation({
  name: "restart_allocation",
  description: "Restarts the running tasks of one allocation, or one of them, on the same node.",
  toolset: "allocations",
  route: { method: "POST", path: "/api/allocations/{allocation_id}/restart" },
  effect: "write",
  input: z.strictObject({
    allocation_id: AllocationId,
    task: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe("Task to restart; default all that run; for example: server"),
    namespace: Namespace,
  }),
  output: z.object({ allocation_id: z.string() }),
  async run({ allocation_id, task, namespace }, call) {
    const id = await resolveId(call, { kind: "allocation", id: allocation_id, namespace });
    await call.nomad.read(Ignored, {
      method: "PUT",
      path: ["client", "allocation", id, "restart"],
      body: task === undefined ? {} : { TaskName: task },
      namespace,
      signal: call.signal,
      doing: `restart allocation ${id}`,
      needs: "alloc-lifecycle",
    });
    return { allocation_id: id };
  },
  say: ({ allocation_id }) => `${allocation_id} is restarting.`,
});
