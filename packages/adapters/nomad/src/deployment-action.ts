import { z } from "zod";
import { resolveId } from "./allocations.ts";
import { Ignored } from "./answers.ts";
import type { Call } from "./call.ts";

/** What changing a deployment answers. */
export const DeploymentChanged = z.object({ deployment_id: z.string(), change: z.string() });

/** Which deployment to change, and how. */
export interface DeploymentChange {
  readonly action: "promote" | "fail" | "pause";
  readonly deployment_id: string;
  readonly namespace?: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  readonly change: string;
}

/** Changes a deployment. Nomad wants the ID in the body too. */
export async function changeDeployment(
  call: Call,
  { action, deployment_id, namespace, body, change }: DeploymentChange,
): Promise<z.infer<typeof DeploymentChanged>> {
  const id = await resolveId(call, { kind: "deployment", id: deployment_id, namespace });
  await call.nomad.read(Ignored, {
    method: "POST",
    path: ["deployment", action, id],
    body: { DeploymentID: id, ...body },
    namespace,
    signal: call.signal,
    doing: `${action} deployment ${id}`,
    needs: `submit-job (${action}-deployment from Nomad 1.11.2)`,
  });
  return { deployment_id: id, change };
}
