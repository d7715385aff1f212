import { z } from "zod";
import { operation } from "../operation.ts";
import { sayPage } from "../views.ts";

/** Lists repositories and the jobs they stand for. */
export const listRepositories = operation({
  name: "list_repositories",
  description: "Lists the repositories that job configs name, with the Nomad job of each.",
  toolset: "repositories",
  route: { method: "GET", path: "/api/repositories" },
  effect: "read",
  input: z.strictObject({}),
  output: z.object({
    repositories: z.array(
      z.object({ repository: z.string(), config: z.string(), job_id: z.string(), namespace: z.string() }),
    ),
  }),
  async run(_args, call) {
    const configs = await call.configs().list();
    const repositories = configs.flatMap(({ name, repository, job_id, namespace, enabled }) =>
      repository === undefined || !enabled
        ? []
        : [{ repository, config: name, job_id, namespace: call.nomad.namespace(namespace) }],
    );
    return { repositories };
  },
  say: ({ repositories }) =>
    sayPage(
      repositories.map(({ repository, namespace, job_id }) => `${repository}: ${namespace}/${job_id}`),
      undefined,
    ),
});
