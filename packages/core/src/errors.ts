/**
 * How a failure leaves a process: the exit codes every Parley command uses.
 */
export const ExitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  unsatisfied: 3,
  unreachable: 4,
  limit: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

interface ErrorKind {
  /** HTTP status the error maps to at a REST edge. */
  readonly status: number;
  readonly exit: ExitCode;
  readonly retryable: boolean;
  /** One clause for the reference page: when it happens. */
  readonly when: string;
}

const { failed, usage, unsatisfied, unreachable, limit, interrupted } = ExitCode;
const kind = (status: number, exit: ExitCode, when: string): ErrorKind => ({
  status,
  exit,
  retryable: false,
  when,
});
/** A fault that may be gone when the same call is made again. */
const passing = (...fault: Parameters<typeof kind>): ErrorKind => ({ ...kind(...fault), retryable: true });

/**
 * Every error code of the product. A code is never renamed or reused; a retired one stays listed.
 */
export const errorTable = {
  E_ADDRESS_REFUSED: kind(403, unreachable, "a network address that the rules of the configuration refuse"),
  E_ARGUMENT_INVALID: kind(400, usage, "a caller passed a value that does not fit its schema"),
  E_AUTH_FORBIDDEN: kind(403, unreachable, "the credential is known but lacks the scope"),
  E_AUTH_REQUIRED: kind(401, unreachable, "a bearer token is missing or wrong"),
  E_AUTH_UNAVAILABLE: passing(503, unreachable, "the issuer of access tokens cannot be asked for its keys"),
  E_BODY_TOO_LARGE: kind(413, usage, "a request body exceeds the limit"),
  E_CALL_LIMIT: passing(429, limit, "a caller leaves, or a gateway keeps, too many calls unanswered"),
  E_CONFIG_INVALID: kind(400, usage, "a flag, variable or configuration file has an unusable value"),
  E_CONFIG_UNKNOWN: kind(400, usage, "a flag or key that no option has"),
  E_CONFIRM_REQUIRED: kind(409, usage, "a call that destroys something came without confirm: true"),
  E_DATABASE_CONFLICT: passing(409, failed, "a record changed between read and write"),
  E_DATABASE_CORRUPT: kind(500, failed, "a stored record cannot be read back"),
  E_DATABASE_DRIVER: kind(500, failed, "the native SQLite module could not be loaded"),
  E_DATABASE_EXISTS: kind(409, failed, "a record of that id exists and may not be overwritten"),
  E_DATABASE_IO: kind(500, failed, "the store could not be read or written"),
  E_DATABASE_URI: kind(400, usage, "a database address no driver understands"),
  E_DISPATCH_NO_COMMAND: kind(400, usage, "nothing in the request says what to run"),
  E_DISPATCH_REFUSED: kind(409, unsatisfied, "the site's policy or scheduler refused the job"),
  E_DISPATCH_UNCONFIRMED: kind(502, failed, "a site claimed a job that its scheduler does not know"),
  E_ENGINE_FORBIDDEN: kind(403, unreachable, "the scheduler refused this user"),
  E_ENGINE_JOB_UNKNOWN: kind(404, failed, "the scheduler does not know that job"),
  E_ENGINE_MISSING: kind(503, unreachable, "the scheduler's commands are not installed"),
  E_ENGINE_OUTPUT: kind(502, failed, "the scheduler printed something its parser does not accept"),
  E_ENGINE_REFUSED: kind(409, unsatisfied, "the scheduler refused the submission"),
  E_ENGINE_UNREACHABLE: passing(503, unreachable, "the scheduler does not answer"),
  E_EXEC_FAILED: kind(502, failed, "a program ended with a non-zero status"),
  E_EXEC_NOT_FOUND: kind(503, unreachable, "a program is not installed or not executable"),
  E_EXEC_OUTPUT_LIMIT: kind(502, limit, "a program printed more than the limit"),
  E_EXEC_TIMEOUT: passing(504, limit, "a program did not end within its time-out"),
  E_EXEC_USAGE: kind(502, failed, "a program does not know the arguments it was given"),
  E_FILE_IO: kind(500, failed, "a file or folder could not be read or written"),
  E_HOST_REFUSED: kind(
    403,
    unreachable,
    "the Host or Origin header names a host this server does not answer to",
  ),
  E_INPUT_EXPIRED: kind(410, failed, "an answer came for a call that is no longer held"),
  E_INPUT_REQUIRED: kind(409, failed, "a call waits for an answer of its client"),
  E_INPUT_UNSUPPORTED: kind(400, unsatisfied, "a call needs an answer that its client cannot give"),
  E_INTERNAL: kind(500, failed, "a fault of this program"),
  E_INTERRUPTED: kind(499, interrupted, "the caller aborted the operation"),
  E_JOBSPEC_INVALID: kind(400, usage, "a batch script, jobspec or manifest that cannot be read"),
  E_JOBSPEC_TOO_LARGE: kind(413, usage, "a batch script, jobspec or manifest longer than the limit"),
  E_JOB_UNKNOWN: kind(404, usage, "no job of that id"),
  E_LISTEN_FAILED: kind(500, usage, "the address could not be bound"),
  E_LLM_DRIVER: kind(503, usage, "the package of a model backend is not installed"),
  E_LLM_KEY: kind(401, unreachable, "a model's key is missing or was refused"),
  E_LLM_NONE: kind(409, usage, "a model is asked for where none is set up"),
  E_LLM_OUTPUT: kind(502, failed, "a model answered too much, or nothing that can be used"),
  E_LLM_RATE_LIMITED: passing(429, limit, "a model takes no more questions for a while"),
  E_LLM_RECORDING: kind(500, usage, "a scripted or recorded model has no answer to a question"),
  E_LLM_REFUSED: kind(502, failed, "a model's provider refused the question"),
  E_LLM_TIMEOUT: passing(504, limit, "a model did not answer within its time-out"),
  E_LLM_UNREACHABLE: passing(503, unreachable, "a model's provider does not answer"),
  E_MCP_PROTOCOL: kind(502, failed, "a peer answered outside the protocol"),
  E_MCP_TIMEOUT: passing(504, limit, "a peer did not answer within the deadline"),
  E_MCP_UNREACHABLE: passing(503, unreachable, "no connection to a peer"),
  E_NEGOTIATION_UNKNOWN: kind(404, usage, "no negotiation of that id"),
  E_OAUTH_FAILED: kind(401, unreachable, "an authorization for a peer was not granted or went wrong"),
  E_OBJECT_CONFLICT: kind(409, failed, "what is there differs from what the caller expects"),
  E_OBJECT_UNKNOWN: kind(404, failed, "nothing of that kind has that name"),
  E_PATH_FORBIDDEN: kind(403, failed, "a path outside the folders that the operator opened to the tools"),
  E_PLAN_CHANGED: kind(409, failed, "a plan's file changed while a run of it was under way"),
  E_PLAN_FAILED: kind(500, failed, "a plan ran and ended in failure"),
  E_PLAN_INVALID: kind(400, usage, "a plan file, or what is given to a plan, cannot be used"),
  E_PLAN_LIMIT: kind(
    429,
    limit,
    "a run of a plan used up its visits, transitions, time, calls, tokens or money",
  ),
  E_PLAN_TEMPLATE: kind(422, failed, "a template of a plan cannot be filled in"),
  E_PLAN_UNCERTAIN: kind(409, failed, "nobody knows whether a call that was cut off was done"),
  E_PROVIDER_FAILED: kind(502, failed, "a provider could not read what it found"),
  E_PROVIDER_TIMEOUT: passing(504, limit, "a provider did not answer in time"),
  E_PROVIDER_UNKNOWN: kind(404, usage, "no provider or provider tool of that name"),
  E_QUEUE_BUSY: passing(503, failed, "too many calls wait for the queue to write them down"),
  E_QUEUE_DISK_FULL: passing(507, failed, "the disk or the quota of a queue is full"),
  E_QUEUE_OWNED: passing(409, failed, "another process owns the queue"),
  E_QUEUE_REFUSED: kind(409, failed, "the queue refused a command in its present state"),
  E_RATE_LIMITED: passing(429, limit, "more requests or failed log-ins than the limit allows"),
  E_REGISTER_CONFLICT: kind(409, failed, "another live worker holds that id"),
  E_REGISTER_FORBIDDEN: kind(403, unreachable, "the join secret is missing or wrong"),
  E_REGISTER_INVALID: kind(400, usage, "a registration body with a missing or unusable field"),
  E_REPLAY_UNKNOWN: kind(404, failed, "a replayed recording holds no such call"),
  E_REQUEST_EMPTY: kind(400, usage, "a request with no words and no structured field"),
  E_REQUEST_TOO_LONG: kind(413, usage, "a request in words longer than the limit"),
  E_RESULT_TOO_LARGE: kind(502, limit, "a result with more bytes than its tool may answer with"),
  E_RESULT_WITHHELD: kind(502, failed, "a result that looks as if it hid instructions"),
  E_ROUTE_UNKNOWN: kind(404, usage, "no route of that method and path"),
  E_RUN_OWNED: passing(409, failed, "another process runs that run of a plan"),
  E_RUN_UNKNOWN: kind(404, usage, "no run of a plan of that id"),
  E_SELECT_NONE: kind(409, unsatisfied, "no proposal can be selected"),
  E_SELECT_PROPOSALS: kind(400, usage, "a proposals file that cannot be read"),
  E_SELECT_UNKNOWN: kind(400, usage, "a selection strategy nobody defined"),
  E_SERVER_BUSY: passing(503, limit, "as many calls are running as the server allows at once"),
  E_SERVER_CLOSING: passing(503, unreachable, "the server takes no more calls, for it is about to end"),
  E_SESSION_LIMIT: passing(503, limit, "as many sessions are open as the server holds"),
  E_SUBSCRIPTION_LIMIT: kind(429, limit, "a session, caller or server holds as many subscriptions as it may"),
  E_TASK_EXPIRED: kind(504, limit, "a task had not ended when its time to live was over"),
  E_TASK_LIMIT: passing(429, limit, "a caller holds, or a server runs, too many tasks"),
  E_TASK_LOST: kind(500, failed, "the process that ran a task has gone"),
  E_TASK_RESULT: kind(500, failed, "the result of a task is larger than what is kept"),
  E_TASK_UNKNOWN: kind(404, usage, "no task of that id, or not the caller's"),
  E_TOKEN_EXISTS: kind(409, usage, "a token of that name is in the token file"),
  E_TOKEN_UNKNOWN: kind(404, usage, "no token of that name is in the token file"),
  E_TOOL_DUPLICATE: kind(409, usage, "two tools of one server share a name"),
  E_TOOL_FAILED: kind(500, failed, "a tool ran and failed"),
  E_TOOL_INVALID: kind(400, usage, "a tool definition that cannot be served"),
  E_TOOL_LOAD: kind(400, usage, "a tool module that cannot be loaded"),
  E_TOOL_QUARANTINED: kind(
    403,
    failed,
    "a tool whose definition has changed or looks dangerous, and is not approved",
  ),
  E_TOOL_UNKNOWN: kind(404, usage, "no tool of that name"),
  E_WORKER_OFFLINE: passing(503, unreachable, "the worker has not been heard of"),
  E_WORKER_UNKNOWN: kind(404, usage, "no worker of that id"),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorTable;

/** Options of {@link ParleyError} beside code and message. */
export interface ParleyErrorOptions {
  /** JSON-able facts for a program; never a secret. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
  /** Overrides the table where one occurrence differs from its kind. */
  readonly retryable?: boolean | undefined;
}

const brand = Symbol.for("parley.error");

/**
 * The one error class. Its message says what failed, on what, and what to do next.
 * Test with {@link ParleyError.isInstance}: tools loaded at run time may bring a second copy of this package.
 */
export class ParleyError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;

  static {
    this.prototype.name = "ParleyError";
  }

  constructor(code: ErrorCode, message: string, options: ParleyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryable = options.retryable ?? errorTable[code].retryable;
  }

  /** HTTP status of this kind of error. */
  get status(): number {
    return errorTable[this.code].status;
  }

  /** Exit code of this kind of error. */
  get exitCode(): ExitCode {
    return errorTable[this.code].exit;
  }

  /** The wire form: what a peer or a `--json` reader gets. */
  toJSON(): ErrorRecord {
    const { code, message, retryable, details } = this;
    return { code, message, retryable, ...(Object.keys(details).length > 0 ? { details } : {}) };
  }

  static isInstance(value: unknown): value is ParleyError {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** An error as data, on the wire or inside a record. */
export interface ErrorRecord {
  code: string;
  message: string;
  retryable: boolean;
  details?: Readonly<Record<string, unknown>> | undefined;
}

/** Turns anything thrown into a {@link ParleyError}, keeping one that already is. */
export function toParleyError(value: unknown, fallback: ErrorCode = "E_INTERNAL"): ParleyError {
  if (ParleyError.isInstance(value)) return value;
  if (value instanceof Error && value.name === "AbortError") {
    return new ParleyError("E_INTERRUPTED", "Interrupted.", { cause: value });
  }
  const message = value instanceof Error ? value.message : String(value);
  return new ParleyError(fallback, message, { cause: value });
}
