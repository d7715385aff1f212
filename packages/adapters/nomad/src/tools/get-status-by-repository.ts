import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { Repository } from "../config-arguments.ts";
import { configOfRepository } from "../configs.ts";
import { operation } from "../operation.ts";
import { JobStatus, readJobStatus, sayJobStatus } from "./get-job-status.ts";

/** Says what became of the Nomad job a repository stands for. */
export const getStatusByRepository = operation({
  name: "get_status_by_repository",
  description: "Says what became of the Nomad job a repository stands for.",
  toolset: "repositories",
  route: { method: "GET", path: "/api/repositories/{repository}/status" },
  effect: "read",
  input: z.strictObject({ repository: Repository, namespace: Namespace }),
  output: JobStatus,
  run: async (args, call) => readJobStatus(call, await configOfRepository(call, args)),
  say: sayJobStatus,
});
