import { ParleyError } from "@parley/core";

/** What the engine is told of a line that was not run: 126 is a shell's word for "may not be executed". */
export function refusalFrame(command: string): object {
  return {
    type: "command_result",
    command,
    exit_code: 126,
    command_stdout: "",
    command_stderr: "This client does not run commands of the engine.",
  };
}

/** The shell line in a frame or an answer, if there is one. */
export function shellLineOf(data: Readonly<Record<string, unknown>>): string | undefined {
  const { command } = data;
  return typeof command === "string" && command !== "" ? command : undefined;
}

/** The error of a call that ended because the engine wanted a line run. */
export function refusedLine(doing: string, line: string, jobId?: string): ParleyError {
  const shown = line.replace(/\s+/g, " ").slice(0, 300);
  const job = jobId === undefined ? "" : ` Job ${jobId} was begun there: look at job_info.`;
  return new ParleyError(
    "E_ENGINE_REFUSED",
    `Could not ${doing}: the engine wants this machine to run ${JSON.stringify(shown)}, and nothing was run.${job} If you trust it, set TENSORPOOL_ALLOW_COMMANDS=1 with the backend cli.`,
    { details: { command: shown, ...(jobId === undefined ? {} : { job_id: jobId }) } },
  );
}
