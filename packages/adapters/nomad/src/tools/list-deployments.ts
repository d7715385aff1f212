import { z } from "zod";
import { Deployment } from "../answers.ts";
import { JobId, NamespaceOrAll, NextToken, PerPage } from "../arguments.ts";
import { operation } from "../operation.ts";
import { readPage } from "../paging.ts";
import { DeploymentView, sayDeployment, sayPage, viewDeployment } from "../views.ts";

/** Lists deployments, of all jobs or of one. */
export const listDeployments = operation({
  name: "list_deployments",
  description: "Lists Nomad deployments, of all jobs or of one.",
  toolset: "deployments",
  route: { method: "GET", path: "/api/deployments" },
  effect: "read",
  input: z.strictObject({
    job_id: JobId.optional(),
    namespace: NamespaceOrAll,
    per_page: PerPage,
    next_token: NextToken,
  }),
  output: z.object({ deployments: z.array(DeploymentView), next_token: z.string().optional() }),
  async run(args, call) {
    const { entries, ...rest } = await readPage(call, {
      schema: Deployment,
      args,
      path: args.job_id === undefined ? ["deployments"] : ["job", args.job_id, "deployments"],
      namespace: args.namespace,
      doing: "list deployments",
      needs: "read-job",
    });
    return { deployments: entries.map(viewDeployment), ...rest };
  },
  say: ({ deployments, next_token }) => sayPage(deployments.map(sayDeployment), next_token),
});
