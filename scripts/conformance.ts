// Runs the official MCP conformance suite and writes docs/conformance.md; `--check` compares instead.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { conformanceFleet } from "../examples/conformance-server/fleet.ts";
import { conformanceGateway } from "../examples/conformance-server/gateway.ts";
import { conformanceServer } from "../examples/conformance-server/server.ts";
import { conformancePage, isGreen, type Passage, requiredOf, type Results } from "./conformance/page.ts";
import { runSuite, type Scenario, suiteVersion } from "./conformance/suite.ts";

const page = fileURLToPath(new URL("../docs/conformance.md", import.meta.url));
const revisions = ["2025-11-25", "2026-07-28"] as const;

function readFlags(): { readonly check: boolean } | undefined {
  try {
    return parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}; the one flag is --check.`);
    return undefined;
  }
}

async function collect(): Promise<Results> {
  const results: { revision: string; scenarios: readonly Scenario[] }[] = [];
  for (const revision of revisions) {
    const server = conformanceServer();
    const { url } = await server.listen();
    try {
      // The suite tests DNS rebinding only where the address says it is local.
      results.push({ revision, scenarios: await runSuite(revision, url.replace("127.0.0.1", "localhost")) });
    } finally {
      await server.close();
    }
  }
  const fleet = await conformanceFleet();
  try {
    const scenarios = await runSuite("2026-07-28", fleet.url.replace("127.0.0.1", "localhost"));
    const tools = scenarios.filter(({ name }) => name.startsWith("tools-") || name.startsWith("json-schema"));
    const gateway = await throughGateway();
    return { version: await suiteVersion(), revisions: results, fleet: tools, gateway };
  } finally {
    await fleet.close();
  }
}

/** Both upstreams at once: most of the time the suite waits. */
async function throughGateway(): Promise<readonly Passage[]> {
  const passages: Passage[] = [];
  for (const revision of revisions) {
    const both = (["http", "stdio"] as const).map(async (upstream): Promise<Passage> => {
      const gateway = await conformanceGateway(upstream);
      try {
        const scenarios = await runSuite(revision, gateway.url.replace("127.0.0.1", "localhost"));
        return { revision, upstream: upstream === "http" ? "HTTP" : upstream, scenarios };
      } finally {
        await gateway.close();
      }
    });
    passages.push(...(await Promise.all(both)));
  }
  return passages;
}

function readPage(): string | undefined {
  try {
    return readFileSync(page, "utf8");
  } catch {
    return undefined;
  }
}

/** Says what came out. @returns the exit code */
async function report({ check }: { readonly check: boolean }): Promise<number> {
  const results = await collect();
  let code = 0;
  const direct = results.revisions.map((each) => ({ ...each, where: each.revision }));
  const through = results.gateway.map((each) => ({
    ...each,
    where: `${each.revision} through the gateway, ${each.upstream}`,
  }));
  for (const { where, scenarios } of [...direct, ...through]) {
    const required = requiredOf(scenarios);
    const red = required.filter((scenario) => !isGreen(scenario));
    for (const { name, problems } of red) console.error(`${where} ${name}: ${problems.join("; ")}`);
    console.log(`${where}: ${required.length - red.length} of ${required.length} required scenarios pass`);
    if (red.length > 0) code = 1;
  }
  const text = await conformancePage(results);
  if (!check) {
    writeFileSync(page, text);
  } else if (readPage() !== text) {
    console.error("docs/conformance.md does not match this run: `npm run conformance` writes it anew.");
    code = 1;
  }
  return code;
}

const flags = readFlags();
process.exitCode = flags === undefined ? 2 : await report(flags);
