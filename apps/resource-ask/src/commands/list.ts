import { renderTable } from "@parley/cli/table";
import type { WorkerView } from "@parley/core";
import { defaultPipeline, strategies } from "@parley/selection";
import type { CommandInput } from "../dependencies.ts";
import { clean } from "../render/clean.ts";
import { output, readOptions, withHub } from "../session.ts";

/** Lists selection strategies or workers. */
export async function runList(input: CommandInput): Promise<void> {
  const [what] = input.args;
  if (what === "workers") return listWorkers(input);
  const values = readOptions(input, {});
  const all = strategies.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const initial = defaultPipeline().name.split(",");
  const rows = all.map(({ name, toolName, description }) => [name, toolName, description]);
  const listed = all.map(({ name, toolName, description }) => ({ name, toolName, description }));
  output(input.io, values).print({ strategies: listed, default: initial }, () => {
    const table = renderTable({
      head: ["Strategy", "Tool name", "Chooses"],
      rows,
      width: input.io.width,
      colors: input.io.colors,
    });
    return `${table}\n\nDefault: ${initial.join(" -> ")}`;
  });
}

async function listWorkers(input: CommandInput): Promise<void> {
  await withHub(input, async (session) => {
    const workers = await session.client.workers({ signal: session.signal });
    session.print({ workers }, () => {
      if (workers.length === 0) return "No worker has joined this hub.";
      const rows = workers.map((worker) => [
        clean(worker.id, 63),
        stateText(worker),
        String(worker.tools),
        clean(
          Object.entries(worker.labels)
            .map((pair) => pair.join("="))
            .join(","),
          120,
        ) || "-",
        clean(worker.url, 120),
      ]);
      const head = ["Worker", "State", "Tools", "Labels", "Address"];
      return renderTable({ head, rows, width: session.io.width, colors: session.io.colors });
    });
  });
}

function stateText({ state, legacy, secretary }: WorkerView): string {
  const model = secretary?.mode === "model";
  const notes = [legacy ? "legacy" : "", model ? (secretary.ready ? "model" : "model not ready") : ""];
  const said = notes.filter((note) => note !== "").join(", ");
  return said === "" ? state : `${state} (${said})`;
}
