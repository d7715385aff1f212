import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { Repository } from "../config-arguments.ts";
import { configOfRepository } from "../configs.ts";
import { operation } from "../operation.ts";
import { Registration } from "../register.ts";
import { startNomadJob } from "./start-job.ts";

/** Starts the Nomad job a repository stands for, or registers its job file when the job is gone. */
export const startByRepository = operation({
  name: "start_by_repository",
  description:
    "Starts the Nomad job a repository stands for, or registers its job file when the job is gone.",
  toolset: "repositories",
  route: { method: "POST", path: "/api/repositories/{repository}/start" },
  effect: "write",
  idempotent: true,
  input: z.strictObject({ repository: Repository, namespace: Namespace }),
  output: Registration,
  run: async (args, call) => startNomadJob(call, await configOfRepository(call, args)),
  say: ({ job_id, namespace }) => `${namespace}/${job_id} is registered to run.`,
});
