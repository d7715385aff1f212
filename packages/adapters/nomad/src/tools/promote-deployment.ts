import { z } from "zod";
import { Confirm, DeploymentId, Namespace } from "../arguments.ts";
import { DeploymentChanged, changeDeployment } from "../deployment-action.ts";
import { operation } from "../operation.ts";

/** Promotes the canaries of a deployment. */
export const promoteDeployment = operation({
  name: "promote_deployment",
  description:
    "Promotes the canaries of a Nomad deployment, of all groups or of some; the old allocations are then replaced. Needs confirm: true.",
  toolset: "deployments",
  route: { method: "POST", path: "/api/deployments/{deployment_id}/promote" },
  effect: "destroy",
  input: z.strictObject({
    deployment_id: DeploymentId,
    namespace: Namespace,
    groups: z
      .array(z.string().min(1))
      .min(1)
      .max(50)
      .optional()
      .describe('Groups to promote; default all; for example: ["web"]'),
    confirm: Confirm,
  }),
  output: DeploymentChanged,
  destroys: ({ deployment_id }) =>
    `would replace the old allocations of deployment ${deployment_id} by the canaries' version.`,
  run: ({ deployment_id, namespace, groups }, call) =>
    changeDeployment(call, {
      action: "promote",
      deployment_id,
      namespace,
      body: groups === undefined ? { All: true } : { Groups: groups },
      change: "promoted",
    }),
  say: ({ deployment_id, change }) => `${deployment_id} is ${change}.`,
});
