import type { Selection } from "@parley/core";
import type { Io } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import { clean } from "./clean.ts";
import { colored } from "./proposals.ts";

/** The choice, and how everyone fared. */
export function renderSelection(selection: Selection, io: Pick<Io, "colors" | "width">): string {
  const { ranked, reasoning, worker_id: workerId } = selection;
  const head =
    workerId === null
      ? `${io.colors.red("No site selected.")} ${clean(reasoning, 600)}`
      : `Selected ${io.colors.bold(clean(workerId, 63))}. ${clean(reasoning, 600)}`;
  if (ranked.length === 0) return head;
  const rows = ranked.map((candidate, index) => [
    candidate.eligible ? String(index + 1) : "-",
    clean(candidate.workerId, 40),
    colored(candidate.verdict, io),
    candidate.score === undefined ? "-" : candidate.score.toFixed(3),
    whyText(candidate),
  ]);
  const table = renderTable({
    head: ["#", "Worker", "Verdict", "Score", "Why"],
    rows,
    width: io.width,
    colors: io.colors,
  });
  return `${head}\n\n${table}`;
}

/** The contributions of a scored candidate, greatest first, as `score x weight`; else the strategy's reason. */
function whyText({ reason, contributions }: Selection["ranked"][number]): string {
  const parts = contributions
    .filter(({ contribution }) => contribution >= 0.001)
    .toSorted((left, right) => right.contribution - left.contribution)
    .map(({ factor, score, weight, contribution }) => {
      return `${factor} ${contribution.toFixed(3)} (${score.toFixed(2)} x ${weight.toFixed(2)})`;
    });
  return parts.length > 0 ? parts.join(", ") : clean(reason, 300);
}
