import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { Repository } from "../config-arguments.ts";
import { configOfRepository } from "../configs.ts";
import { operation } from "../operation.ts";

/** The job a repository stands for. */
export const getJobByRepository = operation({
  name: "get_job_by_repository",
  description: "Says which Nomad job a repository stands for. Takes ssh and https addresses and owner/name.",
  toolset: "repositories",
  route: { method: "GET", path: "/api/repositories/{repository}/job" },
  effect: "read",
  input: z.strictObject({ repository: Repository, namespace: Namespace }),
  output: z.object({
    repository: z.string(),
    config: z.string(),
    job_id: z.string(),
    namespace: z.string(),
    file_path: z.string().optional(),
  }),
  async run(args, call) {
    const { name, job_id, namespace, repository = "", file_path } = await configOfRepository(call, args);
    return {
      repository,
      config: name,
      job_id,
      namespace: call.nomad.namespace(namespace),
      ...(file_path === undefined ? {} : { file_path }),
    };
  },
  say: ({ repository, namespace, job_id }) => `${repository} is job ${namespace}/${job_id}.`,
});
