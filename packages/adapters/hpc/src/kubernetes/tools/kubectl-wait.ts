import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { Call } from "../../call.ts";
import { operation } from "../../operation.ts";
import { Namespace, ResourceName, ResourceType, Timeout, secondsOf } from "../arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "../client.ts";
import { findJob } from "../pods-of.ts";
import { listAt, textAt } from "../../records.ts";
import { summarise } from "../summaries.ts";

const Input = z.strictObject({
  resource_type: ResourceType.default("jobs.batch"),
  name: ResourceName,
  condition: z
    .string()
    .regex(/^(?:ended|delete|condition=[A-Za-z]{1,63})$/, "is ended, delete or condition=NAME")
    .default("ended")
    .describe(
      "What to wait for: ended (a job or pod), delete, or condition=NAME; for example: condition=Ready",
    ),
  namespace: Namespace,
  timeout: Timeout,
});

const Output = z.object({
  name: z.string(),
  /** Whether it came; false when the time was over. */
  met: z.boolean(),
  state: z.string(),
  /** Why it did not come or how it failed, in words. */
  why: z.string().optional(),
  exit_code: z.number().int().optional(),
  waited_seconds: z.number(),
});

/** What a look at the object shows. */
type Look = Pick<z.output<typeof Output>, "met" | "state" | "why" | "exit_code">;

/** Waits. */
export const kubectlWait = operation({
  name: "kubectl_wait",
  description:
    "Waits until a job or pod has ended, an object is gone, or a condition holds, and says meanwhile why it does not run. " +
    "A job that failed has ended: look at state and exit_code.",
  toolset: "kubernetes",
  effect: "read",
  task: "optional",
  input: Input,
  output: Output,
  run: wait,
  say: ({ name, met, state, why, exit_code, waited_seconds }) =>
    [
      `${name} is ${state} after ${waited_seconds.toFixed(0)} s${met ? "" : ", and what was waited for did not come"}.`,
      ...(exit_code === undefined ? [] : [`Exit code ${String(exit_code)}.`]),
      ...(why === undefined ? [] : [why]),
    ].join(" "),
});

async function wait(args: z.output<typeof Input>, call: Call): Promise<z.output<typeof Output>> {
  const begun = call.now();
  const limit = secondsOf(args.timeout);
  let pause = 500;
  for (;;) {
    const look = await lookAt(args, call);
    const waited = (call.now() - begun) / 1000;
    if (look.met || waited >= limit) return { name: args.name, ...look, waited_seconds: waited };
    call.progress(waited, limit, [look.state, look.why].filter((part) => part !== undefined).join(": "));
    await call.sleep(Math.min(pause, Math.max(1, (limit - waited) * 1000)));
    pause = Math.min(5000, pause * 1.5);
  }
}

async function lookAt(args: z.output<typeof Input>, call: Call): Promise<Look> {
  const { resource_type, name, condition, namespace } = args;
  try {
    if (condition === "ended" && /^jobs?(?:\.batch)?$/.test(resource_type))
      return await lookAtJob(args, call);
    const object = await kubectlOf(call).json(
      ["get", resource_type, name, ...inNamespace(namespace)],
      kubectlCall(call),
    );
    const { status = "", why, details = {} } = summarise(object) ?? {};
    const code = details["exit_code"];
    const met =
      condition === "ended"
        ? /^(?:Succeeded|Failed)$/.test(status)
        : holds(object, condition.replace("condition=", ""));
    return {
      met,
      state: status,
      ...(why === undefined ? {} : { why }),
      ...(typeof code === "number" ? { exit_code: code } : {}),
    };
  } catch (error) {
    if (condition !== "delete" || !ParleyError.isInstance(error) || error.code !== "E_OBJECT_UNKNOWN")
      throw error;
    return { met: true, state: "gone" };
  }
}

async function lookAtJob({ name, namespace }: z.output<typeof Input>, call: Call): Promise<Look> {
  const { job } = await findJob(call, { name, namespace });
  const met = job.state === "COMPLETED" || job.state === "FAILED";
  return {
    met,
    state: job.state,
    ...(job.why === undefined ? {} : { why: job.why }),
    ...(job.state === "COMPLETED"
      ? { exit_code: 0 }
      : job.exitCode === undefined
        ? {}
        : { exit_code: job.exitCode }),
  };
}

function holds(object: unknown, type: string): boolean {
  return listAt(object, "status", "conditions").some(
    (entry) =>
      textAt(entry, "type")?.toLowerCase() === type.toLowerCase() && textAt(entry, "status") === "True",
  );
}
