import { toParleyError } from "@parley/core";
import type { ErrorCode, ProbeStatus, Workload } from "@parley/core";

const statuses: Partial<Record<ErrorCode, ProbeStatus>> = {
  E_ENGINE_MISSING: "absent",
  E_ENGINE_UNREACHABLE: "unreachable",
  E_INTERRUPTED: "unreachable",
  E_ENGINE_FORBIDDEN: "forbidden",
};

/** Facts that could not be had, and why. */
export function workloadFailure(manager: string, thrown: unknown): Workload {
  const { code, message } = toParleyError(thrown);
  const status = statuses[code] ?? "failed";
  return { manager, status, reason: message, canSubmit: false, partitions: [], nodeGroups: [] };
}

/** For a command whose failure leaves its own fact unknown and no other. */
export async function readIfAnswered<Value>(
  text: Promise<string>,
  parse: (stdout: string) => Value,
): Promise<Value | undefined> {
  try {
    return parse(await text);
  } catch {
    return undefined;
  }
}
