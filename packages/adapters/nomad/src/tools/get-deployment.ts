import { z } from "zod";
import { resolveId } from "../allocations.ts";
import { Deployment } from "../answers.ts";
import { DeploymentId, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";
import { DeploymentView, sayDeployment, viewDeployment } from "../views.ts";

/** One deployment. */
export const getDeployment = operation({
  name: "get_deployment",
  description: "Shows a Nomad deployment: status, and healthy and unhealthy allocations of each group.",
  toolset: "deployments",
  route: { method: "GET", path: "/api/deployments/{deployment_id}" },
  effect: "read",
  input: z.strictObject({ deployment_id: DeploymentId, namespace: Namespace }),
  output: DeploymentView,
  async run({ deployment_id, namespace }, call) {
    const id = await resolveId(call, { kind: "deployment", id: deployment_id, namespace });
    const found = await call.nomad.read(Deployment, {
      path: ["deployment", id],
      namespace,
      signal: call.signal,
      doing: `read deployment ${id}`,
      needs: "read-job",
    });
    return viewDeployment(found);
  },
  say: (view) => {
    const groups = Object.entries(view.groups).map(
      ([name, { healthy, unhealthy, desired }]) =>
        `${name}: ${String(healthy)} of ${String(desired)} healthy, ${String(unhealthy)} unhealthy`,
    );
    return [sayDeployment(view), ...groups].join("\n");
  },
});
