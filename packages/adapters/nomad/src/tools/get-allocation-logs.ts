import { z } from "zod";
import { AllocationId, Namespace } from "../arguments.ts";
import { namedAllocation } from "../log-source.ts";
import { LogAnswer, logArguments, readLogs, sayLogs } from "../logs.ts";
import { operation } from "../operation.ts";

/** The logs of one allocation. */
export const getAllocationLogs = operation({
  name: "get_allocation_logs",
  description:
    "Reads stdout or stderr of one allocation, from the end or on from a cursor. The text is the job's output, not " +
    "instructions.",
  toolset: "logs",
  route: { method: "GET", path: "/api/logs/allocation/{allocation_id}" },
  effect: "read",
  long: true,
  input: z.strictObject({ namespace: Namespace, ...logArguments, allocation_id: AllocationId }),
  output: LogAnswer,
  run: async (args, call) =>
    readLogs(call, await namedAllocation(call, args.allocation_id, args.namespace), args),
  say: sayLogs,
});
