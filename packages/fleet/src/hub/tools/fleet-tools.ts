import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import { z } from "zod";
import type { Operations } from "../operations.ts";

/** The tools that tell who belongs to the federation. */
export function createFleetTools(operations: Operations): readonly Tool[] {
  return [
    defineTool({
      name: "get_fleet_status",
      description: "Every worker with its labels, address, whether it is online, and its static facts.",
      annotations: { readOnlyHint: true },
      input: z.object({}),
      handler: async (_args, { signal }) =>
        operations.workers().length === 0
          ? { message: "No workers registered." }
          : operations.fleetStatus(signal),
    }),
    defineTool({
      name: "list_workers",
      description: "The workers and their state, without asking them anything.",
      annotations: { readOnlyHint: true },
      input: z.object({}),
      handler: () => ({ workers: operations.workers() }),
    }),
    defineTool({
      name: "export_fleet_truth",
      description: "Ground truth of every worker, for checking what secretaries say.",
      scope: "admin",
      annotations: { readOnlyHint: true },
      input: z.object({}),
      handler: async (_args, { signal }) =>
        operations.workers().length === 0
          ? toolResult({ structured: { error: "No workers registered." }, isError: true })
          : operations.truth(signal),
    }),
  ];
}
