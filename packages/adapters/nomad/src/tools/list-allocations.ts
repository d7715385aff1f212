import { z } from "zod";
import { AllocationView, sayAllocation, viewAllocation } from "../allocations.ts";
import { Allocation } from "../answers.ts";
import { Filter, NamespaceOrAll, NextToken, PerPage } from "../arguments.ts";
import { operation } from "../operation.ts";
import { readPage } from "../paging.ts";
import { sayPage } from "../views.ts";

const AllocationRow = AllocationView.omit({ tasks: true });

/** Lists allocations of every job. */
export const listAllocations = operation({
  name: "list_allocations",
  description: "Lists allocations over all jobs of a namespace, without their tasks' events.",
  toolset: "allocations",
  route: { method: "GET", path: "/api/allocations" },
  effect: "read",
  input: z.strictObject({
    namespace: NamespaceOrAll,
    filter: Filter,
    per_page: PerPage,
    next_token: NextToken,
  }),
  output: z.object({ allocations: z.array(AllocationRow), next_token: z.string().optional() }),
  async run(args, call) {
    const { entries, ...rest } = await readPage(call, {
      schema: Allocation,
      args,
      path: ["allocations"],
      query: { filter: args.filter },
      namespace: args.namespace,
      doing: "list allocations",
      needs: "read-job",
    });
    return { allocations: entries.map(viewAllocation), ...rest };
  },
  say: ({ allocations, next_token }) =>
    sayPage(
      allocations.map((row) => sayAllocation({ ...row, tasks: [] })),
      next_token,
    ),
});
