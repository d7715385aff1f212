import { z } from "zod";
import { resolveId } from "../allocations.ts";
import { Ignored } from "../answers.ts";
import { AllocationId, Confirm, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Sends a signal to the tasks of an allocation. */
export const signalAllocation = operation({
  name: "signal_allocation",
  description: "Sends a signal to the tasks of an allocation. Signals that may end them need confirm: true.",
  toolset: "allocations",
  route: { method: "POST", path: "/api/allocations/{allocation_id}/signal" },
  effect: "destroy",
  input: z.strictObject({
    allocation_id: AllocationId,
    signal: z
      .string()
      .regex(/^SIG[A-Z0-9]{1,10}$/, "is the name of a signal")
      .describe("Signal to send, for example: SIGHUP"),
    task: z.string().min(1).max(128).optional().describe("Task to signal; default all; for example: server"),
    namespace: Namespace,
    confirm: Confirm,
  }),
  output: z.object({ allocation_id: z.string(), signal: z.string() }),
  // What a task makes of a signal is its own affair; these are the two that daemons reload on.
  destroys: ({ allocation_id, signal }) =>
    signal === "SIGHUP" || signal === "SIGCONT"
      ? undefined
      : `would send ${signal} to allocation ${allocation_id}, which may end its tasks.`,
  async run({ allocation_id, signal, task, namespace }, call) {
    const id = await resolveId(call, { kind: "allocation", id: allocation_id, namespace });
    await call.nomad.read(Ignored, {
      method: "PUT",
      path: ["client", "allocation", id, "signal"],
      body: { Signal: signal, ...(task === undefined ? {} : { Task: task }) },
      namespace,
      signal: call.signal,
      doing: `signal allocation ${id}`,
      needs: "alloc-lifecycle",
    });
    return { allocation_id: id, signal };
  },
  say: ({ allocation_id, signal }) => `Sent ${signal} to ${allocation_id}.`,
});
