import { ParleyError } from "@parley/core";
import { which } from "@parley/exec";
import { tmpdir } from "node:os";
import type {
  Backend,
  BackendCall,
  BackendVersion,
  EngineCommand,
  Listened,
  PullRequest,
  Pulled,
  PushRequest,
  Reply,
} from "../backend.ts";
import type { Redact } from "../redact.ts";
import { type Collected, collectFiles } from "../collect-files.ts";
import { type Capabilities, type ProbeCache, probeCapabilities } from "./capabilities.ts";
import { type TpHost, runTp, tpEnvironment } from "./run-tp.ts";
import { outputOf, runFailure, tpFailure } from "./tp-failure.ts";

/** What {@link createCliBackend} is made of; the program is looked up when something is asked. */
export interface CliBackendOptions extends Omit<TpHost, "program"> {
  readonly redact: Redact;
  readonly probes: ProbeCache;
}

const readMs = 60_000;
/** What waits for machines to come up or go down. */
const waitMs = 30 * 60_000;
const pushMs = 10 * 60_000;
/** Following a job ends by its caller's limit. */
const listenMs = 24 * 60 * 60_000;
const helpMs = 20_000;

/** The engine through the `tp` program, old or current. */
export function createCliBackend(options: CliBackendOptions): Backend {
  const host = async (): Promise<TpHost> => ({ ...options, program: await findTp(options) });
  const capabilities = async (program: string, call: BackendCall): Promise<Capabilities> =>
    options.probes.get(program, () =>
      probeCapabilities((args) => askHelp({ ...options, program }, args, call)),
    );
  const known = async (call: BackendCall): Promise<{ host: TpHost; tp: Capabilities }> => {
    const ready = await host();
    return { host: ready, tp: await capabilities(ready.program, call) };
  };
  return {
    kind: "cli",
    async send(command, call) {
      const ready = await known(call);
      return send({ ...ready, redact: options.redact }, command, call);
    },
    async push(request, call) {
      const ready = await known(call);
      return push({ ...ready, redact: options.redact }, request, call);
    },
    async listen(jobId, call) {
      return listen({ host: await host(), redact: options.redact }, jobId, call);
    },
    async pull(request, call) {
      return pull({ host: await host(), redact: options.redact }, request, call);
    },
    async version(call): Promise<BackendVersion> {
      const { host: ready, tp } = await known(call);
      return { backend: "cli", program: ready.program, tp };
    },
  };
}

interface Tool {
  readonly host: TpHost;
  readonly redact: Redact;
}

interface KnownTool extends Tool {
  readonly tp: Capabilities;
}

async function findTp({ settings }: Pick<CliBackendOptions, "settings">): Promise<string> {
  const found = await which(settings.program, settings.path);
  if (found !== undefined) return found;
  throw new ParleyError(
    "E_EXEC_NOT_FOUND",
    `The 'tp' CLI was not found as ${JSON.stringify(settings.program)}: install it with pip install tensorpool, name it with TENSORPOOL_TP, or do without it by TENSORPOOL_BACKEND=http.`,
  );
}

/** Help needs neither a key nor the engine, so the program gets neither. */
async function askHelp(host: TpHost, args: readonly string[], call: BackendCall): Promise<string> {
  const result = await host.run([host.program, ...args], {
    cwd: tmpdir(),
    env: tpEnvironment(host.env),
    timeoutMs: helpMs,
    signal: call.signal,
  });
  // 2: this release has no such command.
  if (result.ok || result.exitCode === 2) return result.stdout;
  throw runFailure("ask tp what it takes", result);
}

async function send(
  { host, tp, redact }: KnownTool,
  command: EngineCommand,
  call: BackendCall,
): Promise<Reply> {
  const { doing, files, wait, timeoutMs } = command;
  const end = await runTp(
    host,
    {
      argv: (file) => command.argv({ tp, file }),
      files,
      timeoutMs: timeoutMs ?? (wait === true ? waitMs : readMs),
    },
    call,
  );
  const failure = tpFailure({ doing, ...end, redact });
  if (failure !== undefined) throw failure;
  return { message: outputOf(end.result, redact), data: end.record.data };
}

async function push(
  { host, tp, redact }: KnownTool,
  request: PushRequest,
  call: BackendCall,
): Promise<Reply> {
  const doing = "push the job";
  const end = await runTp(
    host,
    {
      argv: (file) => [
        "job",
        "push",
        file("job.tp.toml"),
        ...(tp.pushNeedsCluster ? [request.clusterId ?? ""] : []),
        ...(request.teardown && tp.pushTeardown ? ["--teardown"] : []),
      ],
      files: { "job.tp.toml": request.config },
      // Lines of the engine send the project's files, so they need its folder.
      ...(host.settings.allowCommands ? { cwd: request.workdir } : {}),
      timeoutMs: pushMs,
    },
    call,
  );
  const failure = tpFailure({ doing, ...end, redact });
  if (failure !== undefined) throw failure;
  return { message: outputOf(end.result, redact), data: end.record.data };
}

async function listen({ host, redact }: Tool, jobId: string, call: BackendCall): Promise<Listened> {
  const end = await runTp(host, { argv: () => ["job", "listen", jobId], timeoutMs: listenMs }, call);
  const message = outputOf(end.result, redact).split("\n").at(-1) ?? "";
  if (call.signal.aborted) return { end: "stopped", message };
  if (end.record.status !== undefined) return { end: end.record.status, message };
  const failure = tpFailure({ doing: `follow job ${jobId}`, ...end, redact });
  if (failure !== undefined) throw failure;
  return { end: "stopped", message };
}

async function pull({ host, redact }: Tool, request: PullRequest, call: BackendCall): Promise<Pulled> {
  let collected: Collected = { created: [], overwritten: [], skipped: [] };
  const end = await runTp(
    host,
    {
      argv: () => ["job", "pull", request.jobId, "--force"],
      timeoutMs: waitMs,
      async collect(scratch) {
        collected = await collectFiles(scratch, request);
      },
    },
    call,
  );
  const failure = tpFailure({ doing: `pull the files of job ${request.jobId}`, ...end, redact });
  if (failure !== undefined) throw failure;
  return { message: outputOf(end.result, redact), data: end.record.data, ...collected };
}
