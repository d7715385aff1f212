import type { EngineCommand } from "../backend.ts";
import { tooOld } from "./clusters.ts";

const waitForCancelMs = 10 * 60_000;

function list(org: boolean): EngineCommand {
  return {
    doing: "list the jobs",
    argv: () => ["job", "list", ...(org ? ["--org"] : [])],
    request: { method: "GET", path: ["job", "list"], query: org ? { include_org: "true" } : {} },
  };
}

function info(job_id: string): EngineCommand {
  return {
    doing: `look at job ${job_id}`,
    argv: () => ["job", "info", job_id],
    request: { method: "GET", path: ["job", "info", job_id] },
  };
}

/** Without waiting: whether it has ended is asked of `job info`, the same for every backend. */
function cancel(job_id: string): EngineCommand {
  return {
    doing: `cancel job ${job_id}`,
    argv: ({ tp }) => ["job", "cancel", job_id, ...(tp.cancelNoInput ? ["--no-input"] : [])],
    request: { method: "POST", path: ["job", "cancel", job_id] },
    timeoutMs: waitForCancelMs,
  };
}

function remove(job_id: string): EngineCommand {
  return {
    doing: `delete job ${job_id}`,
    argv({ tp }) {
      if (!tp.jobDelete) throw tooOld("deletion of jobs", tp.version);
      return ["job", "delete", job_id, "--no-input"];
    },
    request: { method: "DELETE", path: ["job", "delete", job_id] },
  };
}

/** Commands about jobs, besides those that stream. */
export const jobCommands = { list, info, cancel, remove };
