import { z } from "zod";
import { operation } from "../../operation.ts";
import { Namespace, ResourceName, ResourceType, Timeout, secondsOf } from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";

/** Waits for a rollout. */
export const kubectlRolloutStatus = operation({
  name: "kubectl_rollout_status",
  description: "Waits until a deployment, daemon set or stateful set is rolled out, and says how far it is.",
  toolset: "kubernetes",
  effect: "read",
  task: "optional",
  input: z.strictObject({
    resource_type: ResourceType.default("deployment"),
    name: ResourceName,
    namespace: Namespace,
    timeout: Timeout,
  }),
  output: z.object({ name: z.string(), done: z.boolean(), text: z.string() }),
  async run({ resource_type, name, namespace, timeout }, call) {
    const seconds = secondsOf(timeout);
    const kubectl = kubectlOf(call);
    // It answers E_OBJECT_UNKNOWN at once for what is not there; the wait below would not tell that from a time-out.
    await kubectl.read(
      ["get", resource_type, name, ...inNamespace(namespace), "--output=name"],
      kubectlCall(call),
    );
    const args = [
      "rollout",
      "status",
      `${resource_type}/${name}`,
      `--timeout=${String(seconds)}s`,
      ...inNamespace(namespace),
    ];
    const result = await kubectl.run(args, kubectlCall(call, { timeoutMs: (seconds + 5) * 1000 }));
    const text = (result.stdout.trim() === "" ? result.stderr : result.stdout).trim().slice(-4000);
    return { name, done: result.ok, text };
  },
  say: ({ name, done, text }) => `${name} is ${done ? "" : "not "}rolled out.\n${text}`,
});
