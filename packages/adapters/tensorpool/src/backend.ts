import type { Capabilities } from "./cli/capabilities.ts";

/** JSON of the engine: only what is used is looked at. */
export type EngineData = Readonly<Record<string, unknown>>;

/** What the engine answered. */
export interface Reply {
  /** For people; cleaned, secrets hidden. */
  readonly message: string;
  readonly data: EngineData;
}

/** Places for the arguments of a command that only a backend knows. */
interface ArgvPlaces {
  readonly tp: Capabilities;
  /** Path of one of the command's files. */
  readonly file: (name: string) => string;
}

/** One thing to ask of the engine, for the program and for HTTP. */
export interface EngineCommand {
  /** Completes "Could not ...". */
  readonly doing: string;
  /** What `tp` is called with. @throws `E_ENGINE_REFUSED` when this `tp` cannot do it */
  readonly argv: (places: ArgvPlaces) => readonly string[];
  /** Files `tp` reads, by name: written to its scratch folder with mode 600. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly request: {
    readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    readonly path: readonly string[];
    readonly query?: Readonly<Record<string, string>> | undefined;
    readonly body?: Readonly<Record<string, unknown>> | undefined;
  };
  /** Waits until what the engine began has ended. */
  readonly wait?: boolean | undefined;
  /** Milliseconds; default 60 000. */
  readonly timeoutMs?: number | undefined;
}

/** What a backend needs to know of a call. */
export interface BackendCall {
  readonly signal: AbortSignal;
  /** What the engine says while it works. */
  onMessage(message: string): void;
}

/** A job file on its way. */
export interface PushRequest {
  /** TOML. */
  readonly config: string;
  /** Absent with a `tp` until 0.0.6, where jobs bring their own cluster. */
  readonly clusterId?: string | undefined;
  readonly teardown: boolean;
  /** Absolute; shell lines of the engine run here, where they are allowed. */
  readonly workdir: string;
}

/** Files on their way back. */
export interface PullRequest {
  readonly jobId: string;
  /** Absolute and existing; everything lands below it. */
  readonly folder: string;
  /** Whether existing files are replaced. */
  readonly force: boolean;
}

/** What became of the files of a pull, each a path below the folder. */
export interface Pulled extends Reply {
  readonly created: readonly string[];
  readonly overwritten: readonly string[];
  /** Existing, and left alone. */
  readonly skipped: readonly string[];
}

/** How following a job's output ended. */
export interface Listened {
  /** `success` and `error` are the engine's; `stopped` is ours, by limit or time. */
  readonly end: "success" | "error" | "stopped";
  readonly message: string;
}

/** A program's version and what it takes. */
export interface BackendVersion {
  readonly backend: "cli" | "http";
  readonly program?: string | undefined;
  readonly tp?: Capabilities | undefined;
}

/** A way to the engine. @throws `E_ENGINE_*`, `E_EXEC_*`, `E_OBJECT_UNKNOWN`, `E_INTERRUPTED` */
export interface Backend {
  readonly kind: "cli" | "http";
  send(command: EngineCommand, call: BackendCall): Promise<Reply>;
  push(request: PushRequest, call: BackendCall): Promise<Reply>;
  listen(jobId: string, call: BackendCall): Promise<Listened>;
  pull(request: PullRequest, call: BackendCall): Promise<Pulled>;
  version(call: BackendCall): Promise<BackendVersion>;
}
