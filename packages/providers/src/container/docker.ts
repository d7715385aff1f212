import type { Scope } from "@parley/core";
import { z } from "zod";
import { failureDetail, failureStatus, runProgram } from "../_command.ts";
import { parseJson } from "../_json.ts";
import type { Provider, ProviderContext } from "../provider.ts";
import { engineVariables, imagesTool } from "./_images.ts";
import { type RuntimeCall, type RuntimeReading, createRuntimeProvider } from "./_runtime-provider.ts";

const Versions = z.object({
  Client: z.object({ Version: z.string().optional() }).nullish(),
  Server: z.object({ Version: z.string().optional() }).nullish(),
});

/** Docker on this host. A client whose daemon does not answer is `unreachable`, not absent. */
export function createDockerProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createRuntimeProvider(context, {
    name: "docker",
    hostScope,
    program: "docker",
    read: readDocker,
    evidenceTool: "list_images",
    tools: [imagesTool(context, "docker")],
  });
}

async function readDocker({ context, program, options }: RuntimeCall): Promise<RuntimeReading> {
  const argv = [program, "version", "--format", "{{json .}}"];
  const result = await runProgram(context, argv, { ...options, pass: engineVariables });
  const versions = Versions.safeParse(parseJson(result.stdout));
  const client = versions.data?.Client?.Version;
  if (!result.ok) {
    const status = failureStatus(result);
    // The client prints its own half and fails only for want of the daemon.
    const unanswered = client !== undefined && status === "failed";
    return { status: unanswered ? "unreachable" : status, detail: failureDetail(result), version: client };
  }
  if (!versions.success) return { status: "failed", detail: "docker version printed no JSON." };
  return { status: "present", version: versions.data.Server?.Version ?? client };
}
