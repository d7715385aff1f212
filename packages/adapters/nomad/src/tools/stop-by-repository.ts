import { z } from "zod";
import { Namespace, Confirm } from "../arguments.ts";
import { Repository } from "../config-arguments.ts";
import { configOfRepository } from "../configs.ts";
import { operation } from "../operation.ts";
import { Stopped, sayStopped, stopNomadJob } from "./stop-job.ts";

/** Stops the Nomad job a repository stands for. */
export const stopByRepository = operation({
  name: "stop_by_repository",
  description:
    "Stops the Nomad job a repository stands for. With purge it is also forgotten, which needs confirm: true.",
  toolset: "repositories",
  route: { method: "POST", path: "/api/repositories/{repository}/stop" },
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    repository: Repository,
    namespace: Namespace,
    purge: z.boolean().default(false).describe("Also forgets the job and its history, for example: false"),
    confirm: Confirm,
  }),
  output: Stopped,
  destroys: ({ repository, purge }) =>
    purge ? `would stop the job of ${repository} and erase it with its versions and allocations.` : undefined,
  async run({ purge, ...args }, call) {
    const { job_id, namespace } = await configOfRepository(call, args);
    return stopNomadJob(call, { job_id, namespace, purge, no_shutdown_delay: false, global: false });
  },
  say: sayStopped,
});
