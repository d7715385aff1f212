import { join } from "node:path";
import { ParleyError } from "@parley/core";

type Environment = Readonly<Record<string, string | undefined>>;

/** The file of the tasks: as given, or in the user's state directory. @throws `E_CONFIG_INVALID` without a home */
export function tasksFile(given: string | undefined, env: Environment): string {
  if (given !== undefined) return given;
  const { XDG_STATE_HOME: state, HOME: home } = env;
  if (state !== undefined && state !== "") return join(state, "parley", "tasks", "tasks.db");
  if (home !== undefined && home !== "") return join(home, ".local", "state", "parley", "tasks", "tasks.db");
  throw new ParleyError(
    "E_CONFIG_INVALID",
    "There is no home directory to keep tasks in: give --tasks FILE.",
  );
}
