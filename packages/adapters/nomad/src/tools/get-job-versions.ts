import { z } from "zod";
import { Job } from "../answers.ts";
import { JobId, Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";
import { nanosecondTime } from "../times.ts";

const Versions = z.object({ Versions: z.array(Job) });

/** The versions of a job Nomad keeps. */
export const getJobVersions = operation({
  name: "get_job_versions",
  description: "Lists the versions of a Nomad job that revert_job can go back to, newest first.",
  toolset: "jobs",
  route: { method: "GET", path: "/api/jobs/{job_id}/versions" },
  effect: "read",
  input: z.strictObject({ job_id: JobId, namespace: Namespace }),
  output: z.object({
    versions: z.array(
      z.object({
        version: z.number(),
        stable: z.boolean(),
        stopped: z.boolean(),
        submitted_at: z.string().optional(),
        /** Tasks as `group/task: driver image-or-command`. */
        tasks: z.array(z.string()),
      }),
    ),
  }),
  async run({ job_id, namespace }, call) {
    const found = await call.nomad.read(Versions, {
      path: ["job", job_id, "versions"],
      namespace,
      signal: call.signal,
      doing: `list the versions of job ${JSON.stringify(job_id)}`,
      needs: "read-job",
    });
    return { versions: found.Versions.slice(0, 50).map(viewVersion) };
  },
  say: ({ versions }) =>
    versions
      .map(({ version, stable, stopped, submitted_at = "", tasks }) => {
        const marks = [stable ? "stable" : "", stopped ? "stopped" : ""]
          .filter((mark) => mark !== "")
          .join(", ");
        return `${String(version)} ${submitted_at} ${marks} ${tasks.join("; ")}`.replaceAll(/ +/g, " ");
      })
      .join("\n"),
});

function viewVersion(job: Job): {
  version: number;
  stable: boolean;
  stopped: boolean;
  submitted_at?: string;
  tasks: string[];
} {
  const submitted = nanosecondTime(job.SubmitTime);
  const tasks = job.TaskGroups.flatMap((group) =>
    group.Tasks.map(({ Name, Driver, Config }) => {
      const what = Config?.["image"] ?? Config?.["command"];
      return `${group.Name}/${Name}: ${Driver}${typeof what === "string" ? ` ${what.slice(0, 200)}` : ""}`;
    }),
  );
  return {
    version: job.Version,
    stable: job.Stable,
    stopped: job.Stop,
    ...(submitted === undefined ? {} : { submitted_at: submitted }),
    tasks: tasks.slice(0, 20),
  };
}
