import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { Repository } from "../config-arguments.ts";
import { configOfRepository, readConfigJob } from "../configs.ts";
import { operation } from "../operation.ts";
import { Submitted, saySubmitted, submit, submitArguments } from "../submit.ts";

/** Registers the job file kept for a repository, new or changed. */
export const submitByRepository = operation({
  name: "submit_by_repository",
  description:
    "Registers the job file kept for a repository, new or changed. Asks for confirm: true where running allocations would be stopped.",
  toolset: "repositories",
  route: { method: "POST", path: "/api/repositories/{repository}/submit" },
  effect: "destroy",
  long: true,
  input: z.strictObject({ repository: Repository, namespace: Namespace, ...submitArguments }),
  output: Submitted,
  async run(args, call) {
    const config = await configOfRepository(call, args);
    return submit(call, await readConfigJob(call, config), {
      ...args,
      namespace: call.nomad.namespace(config.namespace),
    });
  },
  say: saySubmitted,
});
