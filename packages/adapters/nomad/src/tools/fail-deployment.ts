import { z } from "zod";
import { Confirm, DeploymentId, Namespace } from "../arguments.ts";
import { DeploymentChanged, changeDeployment } from "../deployment-action.ts";
import { operation } from "../operation.ts";

/** Fails a deployment. */
export const failDeployment = operation({
  name: "fail_deployment",
  description:
    "Marks a Nomad deployment as failed, which rolls back where the job says auto_revert. Needs confirm: true.",
  toolset: "deployments",
  route: { method: "POST", path: "/api/deployments/{deployment_id}/fail" },
  effect: "destroy",
  input: z.strictObject({ deployment_id: DeploymentId, namespace: Namespace, confirm: Confirm }),
  output: DeploymentChanged,
  destroys: ({ deployment_id }) =>
    `would end deployment ${deployment_id} as failed, and roll back where auto_revert is set.`,
  run: ({ deployment_id, namespace }, call) =>
    changeDeployment(call, { action: "fail", deployment_id, namespace, body: {}, change: "failed" }),
  say: ({ deployment_id, change }) => `${deployment_id} is ${change}.`,
});
