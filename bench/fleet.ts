import { createMcpClient } from "@parley/mcp-client";
import { request } from "undici";
import { z } from "zod";
import { openChild } from "./child.ts";
import type { Child } from "./child.ts";
import { quantile } from "./harness.ts";
import type { Bench, Figure } from "./harness.ts";
import { modernRequest } from "./mcp-request.ts";

const prompt = "Run LAMMPS on 2 nodes with 16 cores per node and 64 GB of memory per node for 2 hours";
const hangDeadlineMs = 4000;

const Where = z.object({ url: z.string(), secret: z.string() });
const Cpu = z.object({ cpuSeconds: z.number() });
const Usage = Cpu.extend({ tools: z.number(), online: z.number() });
const Memory = z.object({ megabytes: z.number() });
const HealthRound = z.object({ ms: z.number(), cpuSeconds: z.number() });
const Urls = z.object({ urls: z.array(z.string()) });

/** A hub in a process of its own, simulated workers in another, real sockets between. */
export const fleetBench: Bench = {
  name: "fleet",
  title:
    "Negotiation: one hub, simulated workers in another process, real sockets; baseline GET /health of each",
  async run({ short }) {
    const figures: Figure[] = [];
    for (const workers of short ? [100, 300] : [100, 1000]) {
      figures.push(...(await measureFleet(workers, { rounds: short ? 5 : 20 })));
    }
    return figures;
  },
};

async function measureFleet(
  workers: number,
  { rounds }: { readonly rounds: number },
): Promise<readonly Figure[]> {
  const hub = await openChild(new URL("fleet/hub-process.ts", import.meta.url));
  const fleets = await Promise.all(
    Array.from({ length: halves }, () => openChild(new URL("fleet/workers-process.ts", import.meta.url))),
  );
  try {
    const where = await hub.ask(Where, "where");
    const empty = await hub.ask(Memory, "memory");
    const startedMs = performance.now();
    const each = { workers: workers / halves, extraTools, hubUrl: where.url, secret: where.secret };
    const started = await Promise.all(
      fleets.map((fleet, index) => fleet.ask(Urls, "start", { ...each, prefix: `sim-${index}-` })),
    );
    const tools = await mirrored(hub, workers);
    const joinSeconds = (performance.now() - startedMs) / 1000;
    const cpuJoin = (await hub.ask(Usage, "usage")).cpuSeconds;
    const asked = await measureRounds({
      hub,
      fleets,
      where,
      urls: started.flatMap(({ urls }) => urls),
      rounds,
    });
    const listed = await measureList(where.url);
    const { megabytes } = await hub.ask(Memory, "memory");
    const hung = await measureHung({ fleet: fleets[0], where });
    const figures: readonly Figure[] = [
      ...asked,
      hung,
      { name: `RSS, ${tools} tools`, value: megabytes, unit: "MB", target: { atMost: 400 } },
      { name: "RSS before anybody joined", value: empty.megabytes, unit: "MB" },
      ...listed,
      { name: "join of all", value: joinSeconds, unit: "s" },
      { name: "hub CPU until all had joined", value: cpuJoin, unit: "s" },
    ];
    return figures.map((figure) => ({ ...figure, name: `${workers} workers: ${figure.name}` }));
  } finally {
    await Promise.all([hub, ...fleets].map((child) => child.close()));
  }
}

/** Processes the workers are spread over; each answers on one thread, which no real site would share with another. */
const halves = 2;

/** With the two of its own a simulated worker then brings 20 tools. */
const extraTools = 18;

/** Waits until the hub serves as many tools as it will; returns the number of mirrored ones. */
async function mirrored(hub: Child, workers: number): Promise<number> {
  let last = -1;
  for (;;) {
    const { tools, online } = await hub.ask(Usage, "usage");
    if (tools === last && online >= workers) return tools;
    last = tools;
    await pause(1000);
  }
}

/**
 * Rounds before the measured ones. A thousand sites in two processes compile the same code for seconds beside the
 * hub, on its cores; real ones do it on theirs.
 */
const warmUps = 6;

interface Rounds {
  readonly hub: Child;
  readonly fleets: readonly Child[];
  readonly where: z.output<typeof Where>;
  readonly urls: readonly string[];
  readonly rounds: number;
}

async function measureRounds({ hub, fleets, where, urls, rounds }: Rounds): Promise<readonly Figure[]> {
  const client = createMcpClient({ url: `${where.url}/mcp` });
  const ms: number[] = [];
  const hubCpu: number[] = [];
  const workersCpu: number[] = [];
  const bareMs: number[] = [];
  const bareCpu: number[] = [];
  let answered = 0;
  let firstMs = 0;
  for (let round = -warmUps; round < rounds; round += 1) {
    const before = await usageOf(hub, fleets);
    const startedMs = performance.now();
    const result = await client.callTool("satisfy_job", { prompt });
    const tookMs = performance.now() - startedMs;
    const after = await usageOf(hub, fleets);
    const bare = await hub.ask(HealthRound, "healthRound", { urls });
    answered = countProposals(result);
    if (round === -warmUps) firstMs = tookMs;
    if (round < 0) continue;
    ms.push(tookMs);
    hubCpu.push(after.hub - before.hub);
    workersCpu.push(after.workers - before.workers);
    bareMs.push(bare.ms);
    bareCpu.push(bare.cpuSeconds);
  }
  await client.close();
  const p50 = quantile(ms, 0.5);
  const perWorker = (seconds: readonly number[]): number => (quantile(seconds, 0.5) / urls.length) * 1e6;
  return [
    { name: "satisfy, first after the start", value: firstMs, unit: "ms" },
    { name: "satisfy p50", value: p50, unit: "ms" },
    { name: "satisfy p95", value: quantile(ms, 0.95), unit: "ms", target: { atMost: 2000 } },
    { name: "workers with a proposal", value: answered, unit: "", target: { atLeast: urls.length } },
    { name: "baseline round p50", value: quantile(bareMs, 0.5), unit: "ms" },
    { name: "satisfy over baseline", value: p50 / quantile(bareMs, 0.5), unit: "x" },
    { name: "hub CPU per round", value: quantile(hubCpu, 0.5), unit: "s" },
    { name: "hub CPU per worker asked", value: perWorker(hubCpu), unit: "us" },
    { name: "CPU of a worker that answers", value: perWorker(workersCpu), unit: "us" },
    { name: "baseline hub CPU per worker", value: perWorker(bareCpu), unit: "us" },
  ];
}

async function usageOf(
  hub: Child,
  fleets: readonly Child[],
): Promise<{ readonly hub: number; readonly workers: number }> {
  const used = await Promise.all([hub, ...fleets].map((child) => child.ask(Cpu, "usage")));
  const [first = 0, ...others] = used.map(({ cpuSeconds }) => cpuSeconds);
  return { hub: first, workers: others.reduce((sum, seconds) => sum + seconds, 0) };
}

const Answered = z.object({ structuredContent: z.object({ proposals: z.record(z.string(), z.unknown()) }) });
const Proposed = z.object({
  type: z.literal("agentic_proposal"),
  data: z.object({ structured: z.object({}) }),
});

function countProposals(result: unknown): number {
  const { proposals } = Answered.parse(result).structuredContent;
  return Object.values(proposals).filter((answer) => Proposed.safeParse(answer).success).length;
}

/** How long a round with one worker that never answers runs past its deadline. */
async function measureHung(options: {
  readonly fleet: Child | undefined;
  readonly where: z.output<typeof Where>;
}): Promise<Figure> {
  const { url: hubUrl, secret } = options.where;
  await options.fleet?.ask(z.object({ url: z.string() }), "hang", { hubUrl, secret });
  const client = createMcpClient({ url: `${hubUrl}/mcp` });
  const excess: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const startedMs = performance.now();
    const result = await client.callTool("satisfy_job", { prompt, timeout_seconds: hangDeadlineMs / 1000 });
    excess.push(performance.now() - startedMs - hangDeadlineMs);
    if (!("hung" in Answered.parse(result).structuredContent.proposals))
      throw new Error("the hung worker was not asked");
  }
  await client.close();
  return {
    name: "past the deadline, one hung",
    value: quantile(excess, 0.5),
    unit: "ms",
    target: { atMost: 1000 },
  };
}

/** What a caller waits for the whole list: once made anew, then from the cached buffer. */
async function measureList(url: string): Promise<readonly Figure[]> {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < 6; round += 1) {
    const startedMs = performance.now();
    bytes = await listBytes(url);
    times.push(performance.now() - startedMs);
  }
  return [
    { name: "tools/list, first", value: times[0] ?? Number.NaN, unit: "ms" },
    { name: "tools/list, cached, median", value: quantile(times.slice(1), 0.5), unit: "ms" },
    { name: "tools/list", value: bytes / 1e6, unit: "MB" },
  ];
}

async function listBytes(url: string): Promise<number> {
  const { body } = await request(`${url}/mcp`, { method: "POST", ...modernRequest("tools/list") });
  return (await body.arrayBuffer()).byteLength;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
