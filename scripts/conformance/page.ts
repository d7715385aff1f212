import { format } from "oxfmt";
import { markdownTable } from "../docs/table.ts";
import type { Scenario } from "./suite.ts";

/** What the page shows. */
export interface Results {
  readonly version: string;
  readonly revisions: readonly { readonly revision: string; readonly scenarios: readonly Scenario[] }[];
  /** Tool scenarios of the same fixtures on a worker, reached through the hub. */
  readonly fleet: readonly Scenario[];
}

/** Writes docs/conformance.md. */
export async function conformancePage({ version, revisions, fleet }: Results): Promise<string> {
  const page = [
    "<!-- Written by `npm run conformance`; run it again instead of editing. -->",
    "# Conformance",
    `The official suite, \`@modelcontextprotocol/conformance\` ${version}, run against
[examples/conformance-server](../examples/conformance-server), which uses nothing but the public API. \`npm run conformance\`
runs it and writes this page; \`-- --check\` compares. The client's side is in [conformance-client.md](conformance-client.md).`,
    ...revisions.flatMap(({ revision, scenarios }) => [
      `## Revision ${revision}`,
      totals(scenarios),
      table(scenarios),
    ]),
    "## Through the hub",
    `The tool scenarios of revision 2026-07-28 with the fixtures on a worker: the suite calls a server that passes each call
to the hub, which passes it to the worker. Nothing here is scored. A hub answers for itself, so what a worker asks of its
client is asked of the hub.`,
    table(fleet),
    "",
  ].join("\n\n");
  return (await format("conformance.md", page, { printWidth: 110 })).code;
}

function totals(scenarios: readonly Scenario[]): string {
  const required = scenarios.filter(({ unscored }) => unscored === undefined);
  const green = required.filter(isGreen).length;
  const checks = required.reduce((sum, { passed }) => sum + passed, 0);
  const rest = scenarios.filter(({ unscored }) => unscored !== undefined);
  return `${green} of ${required.length} required scenarios pass (${checks} checks). ${rest.filter(isGreen).length} of ${rest.length} others pass; the suite runs them and scores none.`;
}

/** Whether nothing went wrong; a warning is a recommendation not followed. */
export function isGreen({ failed, warnings }: Scenario): boolean {
  return failed === 0 && warnings === 0;
}

function table(scenarios: readonly Scenario[]): string {
  return markdownTable(
    ["scenario", "scored", "result", "passed", "failed", "warnings"],
    scenarios.map(({ name, unscored, passed, failed, warnings }) => [
      name,
      unscored ?? "required",
      failed > 0 ? "fails" : warnings > 0 ? "warns" : passed === 0 ? "does not apply" : "passes",
      String(passed),
      String(failed),
      String(warnings),
    ]),
  );
}
