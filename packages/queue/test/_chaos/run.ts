import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { CheckReport, Queue, QueueEvent, Task } from "@parley/queue";
import { createQueue } from "@parley/queue";
import type { TotalQueueReport } from "@parley/testing";
import { checkTotalQueue } from "@parley/testing";
import { z } from "zod";
import type { Call } from "./client.ts";
import { createClient } from "./client.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const workerProgram = fileURLToPath(new URL("./worker.mjs", import.meta.url));
const brokerProgram = fileURLToPath(new URL("./broker.ts", import.meta.url));

/** How hard to be on a queue. */
export interface ChaosOptions {
  readonly directory: string;
  readonly tasks: number;
  readonly workers: number;
  /** Tasks that one worker process holds at a time. */
  readonly loops: number;
  /** Kills and stops of workers before the queue may come to rest. */
  readonly blows: number;
  readonly blowEveryMs: number;
  /** How many of the blows at workers kill; the others stop. Default 0.4. */
  readonly killShare?: number | undefined;
  /** Every so many blows hit the process that owns the queue. */
  readonly brokerEvery: number;
}

/** What came of it. */
export interface ChaosReport {
  readonly history: TotalQueueReport;
  readonly check: CheckReport;
  readonly kills: number;
  readonly pauses: number;
  readonly brokerKills: number;
  /** Leases that ran out, and commands refused because theirs was over. */
  readonly expired: number;
  readonly stale: number;
  /** Results that are not of the attempt and worker that the log says completed the task. */
  readonly wrongAttempt: readonly string[];
  /** Completions that a worker was told were taken, and how many of them the log does not know as its own. */
  readonly told: number;
  readonly untrue: readonly string[];
  readonly unfinished: number;
  readonly seconds: number;
}

interface Crew {
  readonly workers: ChildProcess[];
  broker: ChildProcess;
}

function startWorker(name: string, { directory, loops }: ChaosOptions): ChildProcess {
  const places = [join(directory, "broker"), name, String(loops), join(directory, "told")];
  return spawn(process.execPath, [workerProgram, ...places], { stdio: ["ignore", "ignore", "inherit"] });
}

async function startBroker(path: string, socket: string): Promise<ChildProcess> {
  const flags = ["--conditions=@parley/source", "--import", "tsx", brokerProgram, path, socket];
  const broker = spawn(process.execPath, flags, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  if (broker.stdout) await once(broker.stdout, "data");
  return broker;
}

/** Submits new values until so many are acknowledged; whether the others were stored is never learned. */
async function submitAll(
  call: Call,
  tasks: number,
): Promise<{ attempted: string[]; acknowledged: string[] }> {
  const attempted: string[] = [];
  const acknowledged: string[] = [];
  const submit = async (): Promise<void> => {
    const value = `v${attempted.length}`;
    attempted.push(value);
    try {
      await call("submit", { payload: value });
      acknowledged.push(value);
    } catch {
      await sleep(20);
    }
  };
  while (acknowledged.length < tasks) {
    await Promise.all(Array.from({ length: Math.min(50, tasks - acknowledged.length) }, submit));
    await sleep(20);
  }
  return { attempted, acknowledged };
}

/** Kills and stops processes in turn, and starts what was killed again. */
async function strike(
  crew: Crew,
  options: ChaosOptions,
  socket: string,
): Promise<Pick<ChaosReport, "kills" | "pauses" | "brokerKills">> {
  const tally = { kills: 0, pauses: 0, brokerKills: 0 };
  for (let blow = 1; blow <= options.blows; blow += 1) {
    await sleep(options.blowEveryMs);
    const index = blow % options.workers;
    const victim = crew.workers[index];
    if (blow % options.brokerEvery === 0) {
      crew.broker.kill("SIGKILL");
      crew.broker = await startBroker(join(options.directory, "q.db"), socket);
      tally.brokerKills += 1;
    } else if (Math.random() < (options.killShare ?? 0.4)) {
      victim?.kill("SIGKILL");
      crew.workers[index] = startWorker(`w${index}.${blow}`, options);
      tally.kills += 1;
    } else {
      victim?.kill("SIGSTOP");
      void sleep(500).then(() => victim?.kill("SIGCONT"));
      tally.pauses += 1;
    }
  }
  return tally;
}

async function waitForRest(call: Call, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    await sleep(100);
    const stats = await call("stats").catch(() => undefined);
    const states = JSON.stringify(stats ?? "pending");
    if (!/pending|running|retry_wait|scheduled/.test(states.replaceAll(/"oldest[^,]*,/g, ""))) return;
  }
}

async function everything(queue: Queue): Promise<{ tasks: Task[]; events: QueueEvent[] }> {
  const tasks: Task[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: Awaited<ReturnType<Queue["list"]>> = await queue.list({ after, limit: 1000 });
    tasks.push(...page.tasks);
    after = page.next;
  }
  const events: QueueEvent[] = [];
  for (
    let page = await queue.events();
    page.length > 0;
    page = await queue.events({ after: events.at(-1)?.seq })
  )
    events.push(...page);
  return { tasks, events };
}

/** Completions whose stored result names another attempt or worker than the log. */
function findWrongAttempts(tasks: readonly Task[], events: readonly QueueEvent[]): string[] {
  const results = new Map(tasks.map(({ id, result }) => [id, JSON.stringify(result)]));
  return events
    .filter(
      ({ type, taskId, attempt, actor }) =>
        type === "completed" && results.get(taskId ?? "") !== JSON.stringify({ worker: actor, attempt }),
    )
    .map(({ taskId }) => taskId ?? "");
}

const Told = z.object({ id: z.string(), worker: z.string(), attempt: z.int() });

/** What workers were told, against the log; the last line of a killed worker may be cut. */
async function compareTold(
  file: string,
  events: readonly QueueEvent[],
): Promise<Pick<ChaosReport, "told" | "untrue">> {
  const written = new Set(
    events.flatMap(({ type, taskId, actor, attempt }) =>
      type === "completed" ? [`${taskId} ${actor} ${attempt}`] : [],
    ),
  );
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.endsWith("}"));
  const told = lines.map((line) => Told.parse(JSON.parse(line)));
  const said = told.map(({ id, worker, attempt }) => `${id} ${worker} ${attempt}`);
  return { told: said.length, untrue: said.filter((one) => !written.has(one)) };
}

const countOf = (events: readonly QueueEvent[], type: string): number =>
  events.filter((event) => event.type === type).length;

type Judgement = Omit<ChaosReport, "history" | "kills" | "pauses" | "brokerKills" | "seconds">;

async function judge(directory: string): Promise<Judgement & { completed: string[] }> {
  const path = join(directory, "q.db");
  const queue = await createQueue({ path, sweepMs: 0, ownerWaitMs: 20_000 });
  const { tasks, events } = await everything(queue);
  const ids = new Map(tasks.map(({ id, payload }) => [id, String(payload)]));
  const completed = events
    .filter(({ type }) => type === "completed")
    .map(({ taskId }) => ids.get(taskId ?? "") ?? "?");
  const check = await queue.check();
  await queue.close();
  return {
    check,
    completed,
    expired: countOf(events, "lease_expired"),
    stale: countOf(events, "stale_rejected"),
    wrongAttempt: findWrongAttempts(tasks, events),
    ...(await compareTold(join(directory, "told"), events)),
    unfinished: tasks.filter(({ state }) => state !== "completed").length,
  };
}

/** Runs submitters and workers against a queue while processes are killed and stopped, then judges what is left. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const started = performance.now();
  const path = join(options.directory, "q.db");
  const socket = join(options.directory, "broker");
  const broker = await startBroker(path, socket);
  const workers = Array.from({ length: options.workers }, (_, index) => startWorker(`w${index}`, options));
  const crew: Crew = { broker, workers };
  const client = createClient(socket);
  try {
    const [sent, tally] = await Promise.all([
      submitAll(client.call, options.tasks),
      strike(crew, options, socket),
    ]);
    await waitForRest(client.call, 10_000 + options.tasks * 5);
    crew.broker.kill("SIGKILL");
    const { completed, ...rest } = await judge(options.directory);
    const history = checkTotalQueue({ ...sent, completed });
    return { ...tally, ...rest, history, seconds: (performance.now() - started) / 1000 };
  } finally {
    client.close();
    for (const child of [...crew.workers, crew.broker]) child.kill("SIGKILL");
  }
}
