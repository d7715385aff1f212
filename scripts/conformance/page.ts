import { format } from "oxfmt";
import { markdownTable } from "../docs/table.ts";
import type { Scenario } from "./suite.ts";

/** What the page shows. */
export interface Results {
  readonly version: string;
  readonly revisions: readonly { readonly revision: string; readonly scenarios: readonly Scenario[] }[];
  /** Tool scenarios of the same fixtures on a worker, reached through the hub. */
  readonly fleet: readonly Scenario[];
  /** The same fixtures behind a gateway. */
  readonly gateway: readonly Passage[];
}

/** All scenarios of one revision, run through a gateway. */
export interface Passage {
  readonly revision: string;
  /** How the gateway reaches the fixtures. */
  readonly upstream: string;
  readonly scenarios: readonly Scenario[];
}

/** Writes docs/conformance.md. */
export async function conformancePage({ version, revisions, fleet, gateway }: Results): Promise<string> {
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
    "## Through the gateway",
    `The fixtures behind [the gateway](guides/gateway.md): the suite calls its \`/mcp\`, and it calls them over HTTP or stdio.
Every scenario that a revision requires is shown; ${gatewayTotals(gateway)}.`,
    gatewayTable(gateway),
    "",
  ].join("\n\n");
  return (await format("conformance.md", page, { printWidth: 110 })).code;
}

function totals(scenarios: readonly Scenario[]): string {
  const required = requiredOf(scenarios);
  const green = required.filter(isGreen).length;
  const checks = required.reduce((sum, { passed }) => sum + passed, 0);
  const rest = scenarios.filter(({ unscored }) => unscored !== undefined);
  return `${green} of ${required.length} required scenarios pass (${checks} checks). ${rest.filter(isGreen).length} of ${rest.length} others pass; the suite runs them and scores none.`;
}

/** Those a revision requires. */
export function requiredOf(scenarios: readonly Scenario[]): readonly Scenario[] {
  return scenarios.filter(({ unscored }) => unscored === undefined);
}

function gatewayTotals(passages: readonly Passage[]): string {
  return passages
    .map(({ revision, upstream, scenarios }) => {
      const required = requiredOf(scenarios);
      return `${required.filter(isGreen).length} of ${required.length} of ${revision} pass over ${upstream}`;
    })
    .join(", ");
}

function gatewayTable(passages: readonly Passage[]): string {
  const upstreams = [...new Set(passages.map(({ upstream }) => upstream))];
  const revisions = [...new Set(passages.map(({ revision }) => revision))];
  const rows = revisions.flatMap((revision) => {
    const ofRevision = passages.filter((passage) => passage.revision === revision);
    const names = requiredOf(ofRevision[0]?.scenarios ?? []).map(({ name }) => name);
    return names.map((name) => [
      name,
      revision,
      ...upstreams.map((upstream) => cell(ofRevision, upstream, name)),
    ]);
  });
  return markdownTable(["scenario", "revision", ...upstreams.map((upstream) => `over ${upstream}`)], rows);
}

function cell(passages: readonly Passage[], wanted: string, name: string): string {
  const passage = passages.find(({ upstream }) => upstream === wanted);
  const found = passage?.scenarios.find((scenario) => scenario.name === name);
  return found === undefined ? "is not there" : resultOf(found);
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
      resultOf({ passed, failed, warnings }),
      String(passed),
      String(failed),
      String(warnings),
    ]),
  );
}

function resultOf({ passed, failed, warnings }: Pick<Scenario, "passed" | "failed" | "warnings">): string {
  if (failed > 0) return "fails";
  if (warnings > 0) return "warns";
  return passed === 0 ? "does not apply" : "passes";
}
