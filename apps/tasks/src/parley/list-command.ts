import { resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import { cleanLine, listRuns, openCatalog } from "@parley/plans";
import { recordOptions, serverOptions, showOptions } from "../parley-options.ts";
import { openPlanDatabase } from "./database.ts";
import { openPlanServers } from "./servers.ts";

const table = { ...serverOptions, ...recordOptions, json: showOptions.json };

/** `parley list`: runs, or what servers have. */
export async function listCommand(io: Io, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { values } = resolveOptions(table, { flags, env: io.env });
  if (values.server.length === 0) return await listOfRuns(io, values);
  const servers = await openPlanServers(values, io);
  try {
    const { tools, prompts } = await openCatalog(servers.clients, { signal: io.signal });
    const rows = [
      ...tools.map(({ server, tool }) => ({
        kind: "tool",
        server,
        name: tool.name,
        description: tool.description ?? "",
      })),
      ...prompts.map(({ server, name, description = "", arguments: args }) => ({
        kind: "prompt",
        server,
        name,
        description: `${description} (${args.map((one) => one.name).join(", ")})`,
      })),
    ];
    if (values.json) return io.out(JSON.stringify(rows));
    const cells = rows.map(({ kind, server, name, description }) => [
      kind,
      server,
      cleanLine(name, 64),
      cleanLine(description, 120),
    ]);
    io.out(
      renderTable({
        head: ["Kind", "Server", "Name", "Does"],
        rows: cells,
        width: io.width,
        colors: io.colors,
      }),
    );
  } finally {
    await servers.close();
  }
}

async function listOfRuns(
  io: Io,
  { database: uri, json }: { readonly database?: string | undefined; readonly json: boolean },
): Promise<void> {
  const database = await openPlanDatabase(uri, io);
  try {
    const runs = await listRuns(database);
    if (json) return io.out(JSON.stringify(runs.map(({ text: _plan, ...run }) => run)));
    if (runs.length === 0) return io.err("There are no runs yet.");
    const rows = runs.map(({ id, plan, status, step, updatedAt }) => [
      id,
      status,
      step,
      updatedAt,
      cleanLine(plan, 60),
    ]);
    io.out(
      renderTable({
        head: ["Run", "Status", "At", "Changed", "Plan"],
        rows,
        width: io.width,
        colors: io.colors,
      }),
    );
  } finally {
    await database.close();
  }
}
