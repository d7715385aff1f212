import { hostname } from "node:os";
import { ExitWith, resolveOptions } from "@parley/cli";
import type { Io, OptionValues } from "@parley/cli";
import { errorTable, ExitCode, ParleyError } from "@parley/core";
import type { Database } from "@parley/databases";
import type { ChatModel } from "@parley/llm";
import { openModel } from "@parley/llm/open";
import {
  checkPlan,
  createPlanRunner,
  loadPlan,
  openCatalog,
  problemText,
  readRun,
  serverProblems,
} from "@parley/plans";
import type { LoadedPlan, PlanLimits, PlanProblem, PlanRunner, RunOutcome, RunOwner } from "@parley/plans";
import { runOptions } from "../parley-options.ts";
import { openPlanDatabase } from "./database.ts";
import { openRunInterface } from "./live-interface.ts";
import { openPlanServers } from "./servers.ts";

type Settings = OptionValues<typeof runOptions>;

/** `parley run`. */
export async function runCommand(
  io: Io,
  { plan, flags }: { readonly plan: string | undefined; readonly flags: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { values } = resolveOptions(runOptions, { flags, env: io.env });
  const { resume, maxCostUsd, llmInputUsd, llmOutputUsd } = values;
  if ((plan === undefined) === (resume === undefined)) {
    throw new ParleyError(
      "E_CONFIG_INVALID",
      "Give a plan file, or --resume ID to go on with a run, and not both.",
    );
  }
  if (maxCostUsd !== undefined && (llmInputUsd === undefined || llmOutputUsd === undefined)) {
    const missing = "--llm-input-usd and --llm-output-usd";
    throw new ParleyError(
      "E_CONFIG_INVALID",
      `--max-cost-usd cannot be kept without prices: give ${missing} too.`,
    );
  }
  if (values.check && plan !== undefined) return await check(io, plan, values);
  // Before anything is started, and a page shown, for a plan or run that is not there.
  const loaded = plan === undefined ? undefined : await loadPlan(plan);
  const database = await openPlanDatabase(values.database, io);
  try {
    if (resume !== undefined) await readRun(database, resume);
    const outcome = await withRunner(io, { values, database }, async (runner) =>
      loaded === undefined
        ? await runner.resume(resume ?? "", { signal: io.signal, unknown: values.unknown })
        : await runner.start(loaded, { inputs: values.input, signal: io.signal }),
    );
    report(io, outcome, values.json);
  } finally {
    await database.close();
  }
}

async function check(io: Io, plan: string, values: Settings): Promise<void> {
  const checked = await checkPlan(plan);
  const problems =
    checked.loaded === undefined ? checked.problems : await atServers(io, checked.loaded, values);
  for (const problem of problems) io.out(problemText(problem));
  if (problems.length > 0) throw new ExitWith(ExitCode.usage);
  io.err(`${plan}: nothing is wrong with it.`);
}

async function atServers(io: Io, loaded: LoadedPlan, values: Settings): Promise<readonly PlanProblem[]> {
  if (values.server.length === 0) return [];
  const servers = await openPlanServers(values, io);
  try {
    return serverProblems(loaded, await openCatalog(servers.clients, { signal: io.signal }));
  } finally {
    await servers.close();
  }
}

interface Opened {
  readonly values: Settings;
  readonly database: Database;
}

async function withRunner(
  io: Io,
  opened: Opened,
  work: (runner: PlanRunner) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const servers = await openPlanServers(opened.values, io);
  try {
    const ui = await openRunInterface(opened.values, io);
    try {
      return await withModel(io, opened, async (model) => {
        const owner = { host: hostname(), pid: process.pid };
        const { database, values } = opened;
        const limits = limitsOf(values);
        return await work(
          createPlanRunner({ database, servers: servers.clients, model, ui, limits, owner, isAlive }),
        );
      });
    } finally {
      await ui.close();
    }
  } finally {
    await servers.close();
  }
}

async function withModel(
  io: Io,
  { values, database }: Opened,
  work: (model: ChatModel | undefined) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const answered = values.resume === undefined ? 0 : await repliesSoFar(database, values.resume);
  const opened = await openModel(values, { env: io.env, answered });
  try {
    return await work(opened.model);
  } finally {
    await opened.close();
  }
}

/** The limits that were given, over the plan's. */
function limitsOf(values: Settings): Partial<PlanLimits> {
  const {
    maxSteps: transitions,
    maxSeconds: seconds,
    maxCalls: calls,
    maxTokens: tokens,
    maxCostUsd: costUsd,
  } = values;
  return {
    ...(transitions !== undefined && { transitions }),
    ...(seconds !== undefined && { seconds }),
    ...(calls !== undefined && { calls }),
    ...(tokens !== undefined && { tokens }),
    ...(costUsd !== undefined && { costUsd }),
  };
}

/** A script goes on behind what an earlier process of the run was told. */
async function repliesSoFar(database: Database, runId: string): Promise<number> {
  const { events } = await readRun(database, runId);
  return events.filter(({ event }) => event.type === "model.replied").length;
}

/** Whether a process of this machine lives; of other machines nothing is known. */
function isAlive({ host, pid }: RunOwner): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function report(io: Io, { runId, status, outputs, error }: RunOutcome, json: boolean): void {
  if (status === "success") {
    if (!json) io.out(JSON.stringify(outputs, null, 2));
    return;
  }
  const code = error?.code ?? "E_PLAN_FAILED";
  const known = Object.entries(errorTable).find(([name]) => name === code)?.[1];
  if (status === "stopped") io.err(`The run can be resumed: parley run --resume ${runId}`);
  const reached = known?.exit === ExitCode.limit && code.startsWith("E_PLAN_");
  throw new ExitWith(status === "failure" && !reached ? ExitCode.failed : (known?.exit ?? ExitCode.failed));
}
