import { mkdir } from "node:fs/promises";
import { z } from "zod";
import { JobId, Path } from "../arguments.ts";
import { operation } from "../operation.ts";
import { confine } from "../paths.ts";

const Paths = z.array(z.string());

/** Brings the files of a job back. */
export const jobPull = operation({
  name: "job_pull",
  description:
    "Downloads the output files of a TensorPool job into a folder of the server, JOB_ID unless dest names another; existing files are kept without force: true. A path that leads out of the folder refuses the whole pull, and shell lines the engine sends are refused unless TENSORPOOL_ALLOW_COMMANDS=1, when tp runs them in a scratch folder without the key.",
  toolset: "jobs",
  effect: "write",
  idempotent: true,
  long: true,
  input: z.strictObject({
    job_id: JobId,
    force: z.boolean().default(false).describe("Replaces existing files, for example: false"),
    dest: Path.optional().describe(
      "Folder to put them in, inside the server's folder; default the job's ID; for example: results",
    ),
  }),
  output: z.object({
    message: z.string(),
    folder: z.string(),
    created: Paths,
    overwritten: Paths,
    /** Existing, and kept. */
    skipped: Paths,
  }),
  async run({ job_id, force, dest }, call) {
    const folder = await confine(call.settings.root, dest ?? job_id, "dest");
    await mkdir(folder, { recursive: true });
    const { message, created, overwritten, skipped } = await call.backend.pull(
      { jobId: job_id, folder, force },
      call,
    );
    return { message, folder, created: [...created], overwritten: [...overwritten], skipped: [...skipped] };
  },
  say: ({ message, folder, created, overwritten, skipped }) =>
    [
      message,
      ...list("New", created),
      ...list("Replaced", overwritten),
      ...list("Kept as they were (force: true replaces them)", skipped),
      `In ${folder}.`,
    ].join("\n"),
});

function list(title: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const shown = paths.slice(0, 50).join(", ");
  return [`${title}: ${shown}${paths.length > 50 ? ` and ${String(paths.length - 50)} more` : ""}`];
}
