import { ParleyError, RegistrationReply, toParleyError } from "@parley/core";
import type { Registration } from "@parley/core";
import { isUntrusted } from "../wire/untrusted.ts";

export interface JoinOptions {
  /** Address of the hub; a trailing `/register` or `/mcp` is accepted. */
  readonly hubUrl: string;
  readonly secret: string;
  /** Made anew for every attempt, so that a changed manifest or address is sent. */
  readonly registration: () => Promise<Registration>;
  /** Changes whenever the worker's tools do; the hub then lists them again. */
  readonly toolsVersion: () => number;
  /** Sends one HTTP request; default `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly onState?: ((state: JoinState) => void) | undefined;
  /** Waits; replaceable in tests. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  readonly random?: (() => number) | undefined;
}

/** Where the membership stands. `refused` is final: the hub will not take this worker as it is. */
export type JoinState =
  | { readonly kind: "joined"; readonly prefix: string }
  | { readonly kind: "retrying"; readonly error: ParleyError; readonly retryInMs: number }
  | { readonly kind: "refused"; readonly error: ParleyError }
  /** `wasMember` is false when the hub never took this worker, or had lost it. */
  | { readonly kind: "left"; readonly wasMember: boolean };

/** A worker's membership in a hub: registers, keeps the lease, comes back after either side restarts. */
export interface Membership {
  /** Settles with the first `joined` or `refused`. */
  readonly first: Promise<JoinState>;
  readonly state: JoinState | undefined;
  /** Deregisters, at once. Safe to call twice. */
  leave(): Promise<void>;
}

/** The hub's base address from whatever form of it a user typed. */
export function hubBase(url: string): string {
  const base = new URL(url);
  base.pathname = base.pathname.replace(/\/(?:register|mcp)?\/?$/, "");
  if (base.hostname === "0.0.0.0") base.hostname = "127.0.0.1";
  return base.href.replace(/\/$/, "");
}

/** Registers with a hub and keeps at it with back-off (0.5 s doubling to 10 s, jittered) until left or refused. */
export function joinHub(options: JoinOptions): Membership {
  const { fetch = globalThis.fetch, random = Math.random, sleep = abortableSleep } = options;
  const base = hubBase(options.hubUrl);
  const stop = new AbortController();
  let lease: RegistrationReply | undefined;
  let workerId = "";
  let state: JoinState | undefined;
  let settleFirst: (value: JoinState) => void;
  const first = new Promise<JoinState>((resolve) => {
    settleFirst = resolve;
  });

  function move(next: JoinState): void {
    state = next;
    options.onState?.(next);
    if (next.kind === "joined" || next.kind === "refused") settleFirst(next);
  }

  async function call(path: string, init: { method: string; body?: unknown }): Promise<Response> {
    try {
      return await fetch(`${base}${path}`, {
        method: init.method,
        redirect: "error",
        headers: {
          "x-mcp-token": options.secret,
          ...(init.body === undefined ? {} : { "content-type": "application/json" }),
          ...(lease ? { "x-parley-lease": lease.lease } : {}),
        },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)]),
      });
    } catch (error) {
      if (stop.signal.aborted) throw new ParleyError("E_INTERRUPTED", "Left the hub.");
      const reason = reasonOf(error);
      const hint = isUntrusted(reason) ? `${reason}: pass --ca FILE or set SSL_CERT_FILE` : reason;
      throw new ParleyError("E_MCP_UNREACHABLE", `The hub at ${base} does not answer (${hint}).`, {
        cause: error,
      });
    }
  }

  async function register(): Promise<RegistrationReply> {
    const body = await options.registration();
    workerId = body.id;
    const response = await call("/register", { method: "POST", body });
    if (!response.ok) throw await refusal(response, base);
    const reply = RegistrationReply.safeParse(await response.json().catch(() => undefined));
    if (reply.success) return reply.data;
    throw new ParleyError("E_MCP_PROTOCOL", `${base} answered the registration like no Parley hub does.`);
  }

  /** Beats until the lease is lost; resolves then. */
  async function keep(held: RegistrationReply): Promise<void> {
    const path = `/register/${encodeURIComponent(workerId)}/heartbeat`;
    for (;;) {
      await sleep(held.heartbeatSeconds * 1000, stop.signal);
      const response = await call(path, { method: "POST", body: { toolsVersion: options.toolsVersion() } });
      await response.body?.cancel();
      if (!response.ok) return;
    }
  }

  async function run(): Promise<void> {
    let attempt = 0;
    while (!stop.signal.aborted) {
      try {
        lease = await register();
        attempt = 0;
        move({ kind: "joined", prefix: lease.prefix });
        await keep(lease);
        lease = undefined;
      } catch (thrown) {
        if (stop.signal.aborted) return;
        lease = undefined;
        const error = toParleyError(thrown);
        if (!error.retryable) return move({ kind: "refused", error });
        const retryInMs = Math.min(10_000, 500 * 2 ** attempt) * (0.75 + random() / 2);
        attempt += 1;
        move({ kind: "retrying", error, retryInMs });
        await sleep(retryInMs, stop.signal);
      }
    }
  }

  const loop = run().catch(() => undefined);
  return {
    first,
    get state() {
      return state;
    },
    async leave() {
      if (stop.signal.aborted) return;
      const held = lease;
      stop.abort();
      await loop;
      move({ kind: "left", wasMember: held !== undefined });
      if (!held) return;
      const headers = { "x-mcp-token": options.secret, "x-parley-lease": held.lease };
      const path = `${base}/register/${encodeURIComponent(workerId)}`;
      await fetch(path, { method: "DELETE", headers, signal: AbortSignal.timeout(2000) }).catch(
        () => undefined,
      );
    },
  };
}

async function refusal(response: Response, base: string): Promise<ParleyError> {
  const text = (await response.text().catch(() => "")).slice(0, 2000);
  const said = /"(?:detail|message)":\s*"([^"]{1,500})"/.exec(text)?.[1] ?? `HTTP ${response.status}`;
  if (response.status === 403) {
    const hint = "pass the hub's secret with --join-secret or MCPSERVER_JOIN_SECRET";
    return new ParleyError(
      "E_REGISTER_FORBIDDEN",
      `The hub at ${base} refused this worker: ${said.replace(/\.$/, "")}; ${hint}.`,
    );
  }
  const code = response.status === 409 ? "E_REGISTER_CONFLICT" : "E_REGISTER_INVALID";
  const retryable = response.status >= 500 || response.status === 429;
  return new ParleyError(code, `The hub at ${base} refused this worker: ${said}`, { retryable });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}

function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    timer.unref();
    function done(): void {
      signal.removeEventListener("abort", aborted);
      resolve();
    }
    function aborted(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
    signal.addEventListener("abort", aborted, { once: true });
  });
}
