import { resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { cleanLine, readRun } from "@parley/plans";
import { recordOptions, showOptions } from "../parley-options.ts";
import { openPlanDatabase } from "./database.ts";

const table = { ...recordOptions, json: showOptions.json };

/** `parley show`: the log of a run. */
export async function showCommand(
  io: Io,
  { id, flags }: { readonly id: string; readonly flags: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { values } = resolveOptions(table, { flags, env: io.env });
  const database = await openPlanDatabase(values.database, io);
  try {
    const { record, state, events } = await readRun(database, id);
    if (values.json) {
      for (const entry of events) io.out(JSON.stringify(entry));
      return;
    }
    io.out(`${record.id} ${record.status}: ${cleanLine(record.plan)} at ${state.at}`);
    for (const { at, event } of events) {
      const { type, ...rest } = event;
      io.out(`${at} ${type} ${cleanLine(JSON.stringify(rest), 200)}`);
    }
  } finally {
    await database.close();
  }
}
