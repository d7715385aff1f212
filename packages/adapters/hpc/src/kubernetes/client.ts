import { type Kubectl, type KubectlCall, createKubectl } from "@parley/engines/kubernetes";
import type { Call } from "../call.ts";

/** kubectl with the call's environment, context and time. */
export function kubectlOf(call: Call): Kubectl {
  const context = call.options.kubeContext ?? call.env["HPC_KUBE_CONTEXT"];
  return createKubectl({
    run: call.run,
    start: call.options.start,
    environment: call.env,
    timeoutMs: call.timeoutMs,
    ...(context === undefined || context === "" ? {} : { context }),
  });
}

/** How the commands of a call run. */
export function kubectlCall(call: Call, more: Omit<KubectlCall, "signal"> = {}): KubectlCall {
  return { signal: call.signal, ...more };
}

/** `--namespace`, `--all-namespaces`, or nothing for the context's own. */
export function inNamespace(namespace: string | undefined): readonly string[] {
  if (namespace === undefined) return [];
  return namespace === "all" ? ["--all-namespaces"] : [`--namespace=${namespace}`];
}
