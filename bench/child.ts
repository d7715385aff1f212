import { fork } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { z } from "zod";

const Request = z.object({ id: z.number(), op: z.string(), params: z.unknown() });
const Reply = z.object({ id: z.number(), value: z.unknown(), error: z.string().optional() });

/** A part of a benchmark that runs in a process of its own, so that its CPU time and memory are its own. */
export interface Child {
  /** Asks the child for a figure or an act; its answer is read by `schema`. */
  ask<Schema extends z.ZodType>(
    schema: Schema,
    op: string,
    params?: Readonly<Record<string, unknown>>,
  ): Promise<z.output<Schema>>;
  close(): Promise<void>;
}

/** Milliseconds a child has for one act: a thousand workers join in one. */
const patienceMs = 300_000;

const builds = new Map<string, Promise<string>>();

/** Compiles a script once: a loader in the measured process would add its own memory and time. */
function compiled(script: URL): Promise<string> {
  const source = fileURLToPath(script);
  const known = builds.get(source);
  if (known) return known;
  const outDir = fileURLToPath(new URL("../node_modules/.cache/bench", import.meta.url));
  const name = basename(source, ".ts");
  const done = build({
    entry: { [name]: source },
    outDir,
    format: "esm",
    outExtension: () => ({ js: ".mjs" }),
    skipNodeModulesBundle: true,
    silent: true,
    config: false,
  }).then(() => join(outDir, `${name}.mjs`));
  builds.set(source, done);
  return done;
}

const onExit = new Set<() => void>();
process.once("exit", () => {
  for (const kill of onExit) kill();
});

/** Starts a script that calls {@link serveParent} in plain Node.js, with the collector at hand. */
export async function openChild(script: URL): Promise<Child> {
  const profiling = process.execArgv.filter((flag) => flag.startsWith("--cpu-prof"));
  const execArgv = [...profiling, "--expose-gc"];
  const child = fork(await compiled(script), { execArgv, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const waiting = new Map<number, (reply: z.output<typeof Reply>) => void>();
  let lastId = 0;
  child.on("message", (message) => {
    const reply = Reply.parse(message);
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  child.on("error", () => undefined);
  child.on("exit", (code) => {
    for (const [id, settle] of waiting) settle({ id, value: undefined, error: `ended with code ${code}` });
    waiting.clear();
  });
  const kill = (): void => void child.kill("SIGKILL");
  onExit.add(kill);

  return {
    async ask(schema, op, params = {}) {
      if (!child.connected) throw new Error(`${script.pathname} has ended before ${op}`);
      const id = (lastId += 1);
      const reply = await new Promise<z.output<typeof Reply>>((resolve) => {
        const timer = setTimeout(() => resolve({ id, value: undefined, error: "took too long" }), patienceMs);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        child.send({ id, op, params });
      });
      if (reply.error !== undefined) throw new Error(`${script.pathname}: ${op}: ${reply.error}`);
      return schema.parse(reply.value);
    },
    async close() {
      onExit.delete(kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.disconnect();
      const timer = setTimeout(kill, 5000);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** The child's side of {@link openChild}: one function per act. Ends with its parent. */
export function serveParent(acts: Readonly<Record<string, (params: unknown) => unknown>>): void {
  process.on("disconnect", () => process.exit());
  process.on("message", (message) => void answer(message));

  async function answer(message: unknown): Promise<void> {
    const { id, op, params } = Request.parse(message);
    try {
      const act = acts[op];
      if (!act) throw new Error("no such act");
      process.send?.({ id, value: await act(params) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
}

/** CPU seconds this process has used, in user and system mode together. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Resident memory in MB (10^6 bytes) after a full collection; needs `--expose-gc`. */
export async function settledMegabytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  return process.memoryUsage().rss / 1e6;
}
