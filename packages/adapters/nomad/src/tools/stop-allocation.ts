import { z } from "zod";
import { resolveId } from "../allocations.ts";
import { Registered } from "../answers.ts";
import { AllocationId, Confirm, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Stops an allocation; Nomad places another. */
export const stopAllocation = operation({
  name: "stop_allocation",
  description: "Stops one allocation, which Nomad then replaces. Needs confirm: true.",
  toolset: "allocations",
  route: { method: "POST", path: "/api/allocations/{allocation_id}/stop" },
  effect: "destroy",
  input: z.strictObject({ allocation_id: AllocationId, namespace: Namespace, confirm: Confirm }),
  output: z.object({ allocation_id: z.string(), evaluation_id: z.string() }),
  destroys: ({ allocation_id }) => `would kill the tasks of allocation ${allocation_id}.`,
  async run({ allocation_id, namespace }, call) {
    const id = await resolveId(call, { kind: "allocation", id: allocation_id, namespace });
    const { EvalID } = await call.nomad.read(Registered, {
      method: "POST",
      path: ["allocation", id, "stop"],
      namespace,
      signal: call.signal,
      doing: `stop allocation ${id}`,
      needs: "alloc-lifecycle",
    });
    return { allocation_id: id, evaluation_id: EvalID };
  },
  say: ({ allocation_id, evaluation_id }) =>
    `${allocation_id} is being stopped (evaluation ${evaluation_id}).`,
});
