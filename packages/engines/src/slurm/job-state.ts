import type { JobState } from "@parley/core";

/** What a job state of Slurm is in PSI/J's terms, and what it says to people where the word does not. */
export const slurmJobStates: Readonly<Record<string, readonly [JobState, string?]>> = {
  BOOT_FAIL: ["FAILED", "a node failed to boot"],
  CANCELLED: ["CANCELED"],
  COMPLETED: ["COMPLETED"],
  COMPLETING: ["ACTIVE"],
  CONFIGURING: ["QUEUED", "its nodes are being prepared"],
  DEADLINE: ["FAILED", "its deadline passed"],
  FAILED: ["FAILED"],
  LAUNCH_FAILED: ["FAILED", "it could not be started on its nodes"],
  NODE_FAIL: ["FAILED", "a node failed"],
  OUT_OF_MEMORY: ["FAILED", "it used more memory than it had asked for"],
  PENDING: ["QUEUED"],
  POWER_UP_NODE: ["QUEUED", "its nodes are being powered up"],
  PREEMPTED: ["FAILED", "it was preempted"],
  RECONFIG_FAIL: ["FAILED", "a node could not be reconfigured"],
  REQUEUED: ["QUEUED"],
  REQUEUE_FED: ["QUEUED"],
  REQUEUE_HOLD: ["QUEUED", "it was requeued and is held"],
  RESIZING: ["ACTIVE"],
  RESV_DEL_HOLD: ["QUEUED", "its reservation was deleted and it is held"],
  REVOKED: ["CANCELED", "it runs at another cluster of the federation"],
  RUNNING: ["ACTIVE"],
  SIGNALING: ["ACTIVE"],
  SPECIAL_EXIT: ["QUEUED", "it ended with a special exit value and is held"],
  STAGE_OUT: ["ACTIVE"],
  STOPPED: ["ACTIVE"],
  SUSPENDED: ["ACTIVE", "it is suspended"],
  TIMEOUT: ["FAILED", "its time limit was reached"],
};

/** Reads a state that may have a suffix: `CANCELLED by 0`, `CANCELLED+`, `COMPLETED,COMPLETING`. */
export function readJobState(native: string): readonly [JobState, string?] {
  const word = /^[A-Z_]+/.exec(native.trim().toUpperCase())?.[0] ?? "";
  return slurmJobStates[word] ?? ["UNKNOWN", `Slurm says ${JSON.stringify(native.slice(0, 40))}`];
}

/** Reads `7:0`: exit status, then the signal. A signal n gives 128 + n, as a shell does. */
export function readExitCode(text: string | undefined): { exitCode?: number; signal?: number } {
  const match = /^(\d{1,3}):(\d{1,3})$/.exec(text?.trim() ?? "");
  if (!match) return {};
  const [status, signal] = [Number(match[1]), Number(match[2])];
  return signal > 0 ? { exitCode: 128 + signal, signal } : { exitCode: status };
}
