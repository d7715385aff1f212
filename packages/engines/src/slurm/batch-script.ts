import { ParleyError } from "@parley/core";
import type { JobSpec } from "@parley/core";
import { installScript } from "../_install-script.ts";
import { loadingPart } from "../_software-loads.ts";

/**
 * The script every job runs. Its arguments are the job's directory, `srun` or `direct`, what to load, and the
 * command: nothing of a request is ever part of a shell line. It leaves the job's id when it starts and the
 * command's exit status when it ends, for sites without accounting.
 */
const start = `directory=$1
launcher=$2
shift 2
leave() {
  printf '%s\\n' "$2" >"$directory/$1.draft" && mv -f "$directory/$1.draft" "$directory/$1"
}
leave started-as "$SLURM_JOB_ID"
if [ -f "$directory/environment" ]; then
  . "$directory/environment"
fi
`;
const end = `if [ "$launcher" = srun ]; then
  srun --export=ALL -- "$@"
else
  (exec "$@")
fi
code=$?
leave exit-code "$code"
exit "$code"
`;
const giveUp = `give_up() {
  leave exit-code 127
  exit 127
}
`;

const plainScript = `#!/bin/sh\n${start}${end}`;
// The module command is a function that only a login shell defines.
const loadingScript = `#!/bin/bash -l\n${start}${giveUp}${loadingPart}${end}`;

/** Writes the script under a name that changes with its text. @returns its path */
export async function installBatchScript(stateDir: string, { load }: Pick<JobSpec, "load">): Promise<string> {
  return installScript(stateDir, load.length === 0 ? plainScript : loadingScript);
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Variables as a file the script reads; values are in single quotes, in which a shell expands nothing.
 * @throws ParleyError `E_ENGINE_REFUSED`
 */
export function environmentFile(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment).map(([name, value]) => {
    if (!variableName.test(name) || value.includes("\0")) {
      throw new ParleyError(
        "E_ENGINE_REFUSED",
        `The environment variable ${JSON.stringify(name.slice(0, 60))} cannot be passed to a job: use letters, digits and _ in its name and no NUL in its value.`,
      );
    }
    return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`;
  });
  return lines.join("");
}
