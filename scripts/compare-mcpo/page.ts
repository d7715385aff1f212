import { format } from "oxfmt";
import { markdownTable } from "../docs/table.ts";
import { pathsOf } from "./compare.ts";
import type { Comparison } from "./compare.ts";
import type { Reply, Request } from "./requests.ts";

const shownLength = 60;

/** Writes docs/mcpo-side-by-side.md. */
export async function comparisonPage(comparisons: readonly Comparison[], versions: string): Promise<string> {
  const same = comparisons.filter(({ verdict }) => verdict === "same").length;
  const page = [
    "<!-- Written by `pnpm compare:mcpo`; run it again instead of editing. -->",
    "# mcpo side by side",
    `The same file and the same ${comparisons.length} requests, sent to ${versions} and to ours. ${same} answers are the same;
for each of the others a reason stands in the table. [Where mcpo is not followed](decisions/0047-where-mcpo-is-not-followed.md)
says more of them. \`pnpm compare:mcpo\` runs it where Python can install mcpo, and fails at a difference without a reason.`,
    markdownTable(
      ["request", "mcpo", "ours", ""],
      comparisons.map(({ request, theirs, ours, verdict }) => [
        `${request.says}: \`${request.method ?? "POST"} ${request.path}\``,
        shown(request, theirs),
        verdict === "same" ? "the same" : shown(request, ours),
        request.better ?? "",
      ]),
    ),
    "",
  ].join("\n\n");
  return (await format("mcpo-side-by-side.md", page, { printWidth: 110 })).code;
}

function shown({ compare: how }: Request, { status, text }: Reply): string {
  if (how === "paths") return `${pathsOf(text).length} tools`;
  const short = text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("`", "'");
  const cut = short.length > shownLength ? `${short.slice(0, shownLength)}…` : short;
  return how === "status" || status !== 200 ? String(status) : `\`${cut}\``;
}
