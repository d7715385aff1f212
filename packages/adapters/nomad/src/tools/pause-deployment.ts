import { z } from "zod";
import { DeploymentId, Namespace } from "../arguments.ts";
import { DeploymentChanged, changeDeployment } from "../deployment-action.ts";
import { operation } from "../operation.ts";

/** Pauses a deployment or lets it go on. */
export const pauseDeployment = operation({
  name: "pause_deployment",
  description: "Pauses a Nomad deployment, or lets a paused one go on.",
  toolset: "deployments",
  route: { method: "POST", path: "/api/deployments/{deployment_id}/pause" },
  effect: "write",
  input: z.strictObject({
    deployment_id: DeploymentId,
    namespace: Namespace,
    pause: z.boolean().default(true).describe("False lets it go on, for example: true"),
  }),
  output: DeploymentChanged,
  idempotent: true,
  run: ({ deployment_id, namespace, pause }, call) =>
    changeDeployment(call, {
      action: "pause",
      deployment_id,
      namespace,
      body: { Pause: pause },
      change: pause ? "paused" : "going on",
    }),
  say: ({ deployment_id, change }) => `${deployment_id} is ${change}.`,
});
