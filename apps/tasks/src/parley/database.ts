import { join } from "node:path";
import { ParleyError } from "@parley/core";
import { getDatabase, getDefaultDatabase } from "@parley/databases";
import type { Database } from "@parley/databases";
import type { Io } from "@parley/cli";

/** The store of runs: as given, or in the user's state directory. */
export async function openPlanDatabase(
  uri: string | undefined,
  io: Pick<Io, "env" | "err">,
): Promise<Database> {
  if (uri !== undefined) return await getDatabase(uri);
  const { XDG_STATE_HOME: state = "", HOME: home = "" } = io.env;
  if (state === "" && home === "") {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "There is no home directory to keep runs in: give --database URI.",
    );
  }
  const base = state === "" ? join(home, ".local", "state") : state;
  const { database, notice } = await getDefaultDatabase(join(base, "parley", "plans"));
  if (notice !== undefined) io.err(notice);
  return database;
}
