import { z } from "zod";
import { Listing, listingOf, sayMessage } from "../answers.ts";
import { Org } from "../arguments.ts";
import { jobCommands } from "../commands/jobs.ts";
import { operation } from "../operation.ts";

/** Lists jobs. */
export const jobList = operation({
  name: "job_list",
  description: "Lists the TensorPool jobs of the account, or of its organization.",
  toolset: "jobs",
  effect: "read",
  input: z.strictObject({ org: Org }),
  output: Listing,
  run: async ({ org }, call) => listingOf(await call.backend.send(jobCommands.list(org), call)),
  say: sayMessage,
});
