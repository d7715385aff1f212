import { ParleyError } from "@parley/core";
import { baseEnvironment, startProcess } from "@parley/exec";
import type { Run, RunResult, RunningProcess, StartOptions } from "@parley/exec";
import { parseJson } from "../flux/json.ts";
import { toKubectlError } from "./failure.ts";

/** How a program is started to be listened to; `startProcess` of `@parley/exec` fits. */
export type Start = (argv: readonly string[], options?: StartOptions) => RunningProcess;

/** Options of {@link createKubectl}. */
export interface KubectlOptions {
  readonly run: Run;
  /** Default `startProcess`. */
  readonly start?: Start | undefined;
  /** Variables of the operator; PATH, HOME, KUBECONFIG and those of credential plugins and proxies are passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default `kubectl`. */
  readonly command?: string | undefined;
  /** Context of the kubeconfig; default its current one. */
  readonly context?: string | undefined;
  /** Milliseconds a command may take unless the call says otherwise; default 20,000. */
  readonly timeoutMs?: number | undefined;
}

/** How one command is run. */
export interface KubectlCall {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** What `-f -` reads. */
  readonly input?: string | undefined;
}

/** kubectl with its kubeconfig and context. Its credentials are in files only: no token is ever an argument. */
export interface Kubectl {
  run(args: readonly string[], call?: KubectlCall): Promise<RunResult>;
  /** Standard output of a command that ended well. @throws ParleyError `E_ENGINE_*`, `E_OBJECT_*`, `E_INTERRUPTED` */
  read(args: readonly string[], call?: KubectlCall): Promise<string>;
  /** {@link Kubectl.read} of JSON: output of a failed command is never taken for an empty list. */
  json(args: readonly string[], call?: KubectlCall): Promise<unknown>;
  /** Standard output as it comes, until the command or the signal ends it. @throws as {@link Kubectl.read} */
  stream(args: readonly string[], signal: AbortSignal): AsyncGenerator<string>;
}

/** Variables kubectl and its credential plugins read. */
const passedOn =
  /^(?:KUBECONFIG|KUBE_\w+|KUBERNETES_\w+|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy|SSL_CERT_\w+|AWS_\w+|AZURE_\w+|GOOGLE_\w+|CLOUDSDK_\w+|XDG_\w+)$/;
const maxBytes = 32 * 2 ** 20;
const maxComplaint = 16 * 1024;

/** Makes a client of Kubernetes over `kubectl`. */
export function createKubectl(options: KubectlOptions): Kubectl {
  const { run, start = startProcess, environment, command = "kubectl", timeoutMs = 20_000 } = options;
  const extra = Object.fromEntries(Object.entries(environment).filter(([name]) => passedOn.test(name)));
  const env = baseEnvironment(environment, extra);
  const globals = options.context === undefined ? [] : [`--context=${options.context}`];
  const client: Kubectl = {
    run: (args, call = {}) => {
      const ms = call.timeoutMs ?? timeoutMs;
      // kubectl gives up first, and then says on what it waited.
      const limit = `--request-timeout=${String(Math.max(1, Math.ceil(ms / 1000) - 1))}s`;
      return run([command, ...globals, limit, ...args], { ...call, timeoutMs: ms, env, maxBytes });
    },
    async read(args, call) {
      const result = await client.run(args, call);
      if (result.ok) return result.stdout;
      throw toKubectlError(result);
    },
    async json(args, call) {
      const value = parseJson(await client.read([...args, "--output=json"], call));
      if (value !== undefined) return value;
      throw new ParleyError("E_ENGINE_OUTPUT", "kubectl printed no JSON: update it to 1.20 or later.");
    },
    stream: (args, signal) => listen(() => start([command, ...globals, ...args], { env }), signal),
  };
  return client;
}

async function* listen(start: () => RunningProcess, signal: AbortSignal): AsyncGenerator<string> {
  if (signal.aborted) return;
  const child = start();
  const stop = (): void => void child.stop();
  signal.addEventListener("abort", stop, { once: true });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    if (complaint.length < maxComplaint) complaint += piece;
  });
  try {
    for await (const piece of child.stdout.setEncoding("utf8")) yield String(piece);
    const end = await child.ended;
    if (signal.aborted || end.exitCode === 0) return;
    throw toKubectlError(endOf(end, complaint));
  } catch (error) {
    // A stream that is torn down by its own signal is an end, not a fault.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    await child.stop();
  }
}

function endOf(end: Awaited<RunningProcess["ended"]>, stderr: string): RunResult {
  const failure = end.error === undefined ? (end.signal === undefined ? "exit" : "signal") : "not-found";
  return {
    ok: false,
    argv: ["kubectl"],
    stdout: "",
    stderr,
    failure,
    durationMs: 0,
    ...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
  };
}
