import { writeFile } from "node:fs/promises";
import { ParleyError } from "@parley/core";
import { renderTable } from "@parley/cli/table";
import type { TruthAnswer } from "../client/answers.ts";
import type { CommandInput } from "../dependencies.ts";
import { commandOptions } from "../options.ts";
import { clean } from "../render/clean.ts";
import { readOptions, withHub } from "../session.ts";
import type { Session } from "../session.ts";

/** Writes the ground truth of every worker and says how many of what there are. */
export async function runExport(input: CommandInput): Promise<void> {
  const { output } = readOptions(input, commandOptions.export);
  await withHub(input, async (session) => {
    const truth = await session.during("Collecting what every worker has", async () =>
      session.client.truth({ signal: session.signal }),
    );
    const document = JSON.stringify(truth, null, 2);
    if (output === undefined) {
      session.io.out(document);
      session.notice(counted(truth, session));
      return;
    }
    await writeFile(output, `${document}\n`).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ParleyError("E_CONFIG_INVALID", `--output ${output}: it cannot be written (${reason}).`);
    });
    const { archetypes, counts, ground_truth: sites } = truth;
    const summary = { output, workers: Object.keys(sites).length, archetypes, counts };
    session.print(summary, () => `${counted(truth, session)}\n\nWrote ${output}`);
  });
}

function counted(truth: TruthAnswer, { io }: Pick<Session, "io">): string {
  const rows = Object.entries(truth.counts)
    .flatMap(([category, providers]) =>
      Object.entries(providers).map(([provider, count]) => [
        clean(category, 40),
        clean(provider, 40),
        String(count),
      ]),
    )
    .toSorted((left, right) => (left.join("\0") < right.join("\0") ? -1 : 1));
  const archetypes = Object.entries(truth.archetypes).map(([name, count]) => `${clean(name, 40)} ${count}`);
  const head = `${Object.keys(truth.ground_truth).length} workers${archetypes.length === 0 ? "" : `: ${archetypes.join(", ")}`}`;
  return `${head}\n\n${renderTable({ head: ["Category", "Provider", "Workers"], rows, width: io.width, colors: io.colors })}`;
}
