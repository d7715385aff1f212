import { z } from "zod";
import { Namespace, TimeoutSeconds } from "../arguments.ts";
import { Repository } from "../config-arguments.ts";
import { configOfRepository } from "../configs.ts";
import { operation } from "../operation.ts";
import { Restarted, restartNomadJob, sayRestarted } from "../restart.ts";

/** Restarts the Nomad job a repository stands for: its running allocations one by one, or the job when none runs. */
export const restartByRepository = operation({
  name: "restart_by_repository",
  description:
    "Restarts the Nomad job a repository stands for: its running allocations one by one, or the job when none runs.",
  toolset: "repositories",
  route: { method: "POST", path: "/api/repositories/{repository}/restart" },
  effect: "write",
  long: true,
  input: z.strictObject({ repository: Repository, namespace: Namespace, timeout_seconds: TimeoutSeconds }),
  output: Restarted,
  async run({ timeout_seconds, ...args }, call) {
    const { job_id, namespace } = await configOfRepository(call, args);
    const mode = "in_place";
    return restartNomadJob(call, {
      job_id,
      namespace,
      mode,
      batch_size: 1,
      batch_wait_seconds: 0,
      timeout_seconds,
    });
  },
  say: sayRestarted,
});
