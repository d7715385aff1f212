import { ParleyError } from "@parley/core";
import { redact } from "@parley/exec";
import { z } from "zod";
import type { Call } from "../call.ts";
import { ContainerName, Namespace, ResourceName } from "./arguments.ts";
import { inNamespace, kubectlCall, kubectlOf } from "./client.ts";
import { podsOfJob } from "./pods-of.ts";

/** The arguments by which the log tools find a container. */
export const logSource = {
  pod: ResourceName.optional().describe("Pod, for example: hello-wznwq; or give job"),
  job: ResourceName.optional().describe("Job, of which the newest pod is read; for example: hello"),
  namespace: Namespace,
  container: ContainerName,
  previous: z
    .boolean()
    .default(false)
    .describe("Reads the container's run before its last restart, for example: true"),
};

/** Which container's log. */
export interface LogSource {
  readonly pod?: string | undefined;
  readonly job?: string | undefined;
  readonly namespace?: string | undefined;
  readonly container?: string | undefined;
  readonly previous: boolean;
}

/** A line of a log. */
export interface LogLine {
  /** RFC 3339 with nanoseconds; empty where the line has none. */
  readonly time: string;
  readonly text: string;
}

/** The pod to read. @throws `E_ARGUMENT_INVALID`, `E_OBJECT_UNKNOWN` */
export async function choosePod(call: Call, { pod, job, namespace }: LogSource): Promise<string> {
  if ((pod === undefined) === (job === undefined)) {
    throw new ParleyError("E_ARGUMENT_INVALID", "Give either pod or job.");
  }
  if (pod !== undefined) return pod;
  const newest = (await podsOfJob(call, { name: job ?? "", namespace })).at(-1);
  if (newest !== undefined) return newest.name;
  throw new ParleyError(
    "E_OBJECT_UNKNOWN",
    `The job ${String(job)} has no pod: kubectl_why_pending says why.`,
  );
}

/** The arguments of `kubectl logs`, with times. */
export function logCommand(pod: string, source: LogSource, more: readonly string[]): readonly string[] {
  const { namespace, container, previous } = source;
  return [
    "logs",
    pod,
    "--timestamps",
    ...(container === undefined ? [] : [`--container=${container}`]),
    ...(previous ? ["--previous"] : []),
    ...inNamespace(namespace),
    ...more,
  ];
}

/** Reads the lines of a log. */
export async function readLog(
  call: Call,
  source: LogSource,
  more: readonly string[],
): Promise<{ readonly pod: string; readonly lines: readonly LogLine[] }> {
  const pod = await choosePod(call, source);
  const text = await kubectlOf(call).read(logCommand(pod, source, more), kubectlCall(call));
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return { pod, lines: lines.map(readLine) };
}

/** Splits the time off a line and hides what looks like a secret in the rest. */
export function readLine(line: string): LogLine {
  const [, time = "", text = line] =
    /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?([\s\S]*)$/.exec(line) ?? [];
  return { time, text: redact(text.replace(/\r$/, "")) };
}
