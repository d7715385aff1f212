import type { Job, JobRequirements, LogChunk, Selection, WorkerView } from "@parley/core";
import type { McpClient, McpClientOptions } from "@parley/mcp-client";
import type { DispatchAnswer, NegotiationAnswer, TruthAnswer } from "./answers.ts";

/** Options of {@link createResourceAsk}. */
export interface ResourceAskOptions {
  /** The hub's MCP endpoint, such as `http://localhost:8000/mcp`. */
  readonly url: string;
  /** Bearer token. */
  readonly token?: string | undefined;
  /** PEM certificates trusted beside the well-known ones. */
  readonly ca?: string | undefined;
  /** Connections of the caller's, in place of `ca`. */
  readonly dispatcher?: McpClientOptions["dispatcher"];
  /** Milliseconds for one call; a hub that reports progress gets longer. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** How the hub is reached. Default `createMcpClient` of `@parley/mcp-client`. */
  readonly connect?: ((options: McpClientOptions) => McpClient) | undefined;
}

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface AskOptions extends CallOptions {
  /** Hears how many workers have answered. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Fields of job-requirements/1 that outrank the words. */
export type RequirementFields = Partial<Omit<JobRequirements, "schema">>;

/** What is asked of the sites: words, fields, or both. */
export interface AskRequest {
  readonly words?: string | undefined;
  readonly requirements?: RequirementFields | undefined;
  /** Ask only these workers. */
  readonly workers?: readonly string[] | undefined;
  /** Ask only workers that carry all of these. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export interface SelectRequest {
  /** Names in order of preference. Default the hub's. */
  readonly strategies?: readonly string[] | undefined;
  /** Makes random choices repeatable. */
  readonly seed?: string | undefined;
}

export interface DispatchRequest {
  readonly workerId: string;
  readonly words?: string | undefined;
  readonly requirements?: RequirementFields | undefined;
  /** Takes the request from this negotiation. */
  readonly negotiationId?: string | undefined;
  /** Repeating a dispatch with the same key never runs it twice. */
  readonly idempotencyKey?: string | undefined;
}

export interface NegotiateRequest extends AskRequest, SelectRequest {
  readonly idempotencyKey?: string | undefined;
}

export interface NegotiateAnswer {
  readonly negotiation: NegotiationAnswer;
  readonly selection: Selection;
  /** Absent when no site can be selected. */
  readonly dispatch?: DispatchAnswer | undefined;
}

export interface FollowOptions extends CallOptions {
  /** Milliseconds between two looks at a job that does not change; grows to five times that. Default 1000. */
  readonly pollMs?: number | undefined;
}

export interface WaitOptions extends FollowOptions {
  readonly onChange?: ((job: Job) => void) | undefined;
}

export interface LogOptions extends FollowOptions {
  /** Default `stdout`. */
  readonly stream?: "stdout" | "stderr" | undefined;
  /** From an earlier chunk. */
  readonly cursor?: string | undefined;
  /** Goes on until the job has ended. Default false: what there is now. */
  readonly follow?: boolean | undefined;
}

/**
 * A client of a hub.
 * @throws {@link ParleyError} from every call: the hub's own errors, `E_MCP_UNREACHABLE`, `E_MCP_TIMEOUT`,
 * `E_MCP_PROTOCOL`, `E_AUTH_REQUIRED`, `E_AUTH_FORBIDDEN`, `E_INTERRUPTED`
 */
export interface ResourceAsk {
  /** Asks every site. Runs nothing. */
  satisfy(request: AskRequest, options?: AskOptions): Promise<NegotiationAnswer>;
  /** A negotiation of before; `full` with the facts of every site. */
  negotiation(
    id: string,
    options?: CallOptions & { readonly full?: boolean | undefined },
  ): Promise<NegotiationAnswer>;
  /** Chooses among the answers of a negotiation. */
  select(negotiationId: string, request?: SelectRequest, options?: CallOptions): Promise<Selection>;
  /** Asks, chooses and dispatches. */
  negotiate(request: NegotiateRequest, options?: AskOptions): Promise<NegotiateAnswer>;
  /** Runs a job at a site. A refusal is an answer with a FAILED receipt. */
  dispatch(request: DispatchRequest, options?: CallOptions): Promise<DispatchAnswer>;
  status(jobId: string, options?: CallOptions): Promise<Job>;
  /** Follows a job to its end; outages of the hub of some seconds are waited out. */
  wait(jobId: string, options?: WaitOptions): Promise<Job>;
  /** The output of a job, piece by piece. */
  logs(jobId: string, options?: LogOptions): AsyncIterable<LogChunk>;
  cancel(jobId: string, options?: CallOptions): Promise<Job>;
  /** Jobs the hub dispatched, newest last. */
  jobs(options?: CallOptions & { readonly limit?: number | undefined }): Promise<readonly Job[]>;
  workers(options?: CallOptions): Promise<readonly WorkerView[]>;
  /** Ground truth of every worker; needs an `admin` token. */
  truth(options?: CallOptions): Promise<TruthAnswer>;
  close(): Promise<void>;
}
