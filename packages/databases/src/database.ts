/** A value every driver can keep: what JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** A stored value and the version that the next writer must know. */
export interface Stored<Value> {
  readonly id: string;
  readonly value: Value;
  /** Counts writes of this record from 1. */
  readonly version: number;
}

/** What a write answers: enough for the next write of the same record. The value stays with the writer. */
export interface Written {
  readonly id: string;
  readonly version: number;
}

export interface PutOptions {
  /** Write only when the stored version is this one; 0 means "only when absent". Else `E_DATABASE_CONFLICT`. */
  readonly ifVersion?: number | undefined;
}

export interface ListOptions {
  /** Continue after this id. */
  readonly after?: string | undefined;
  /** Default 1000, the most one call returns. */
  readonly limit?: number | undefined;
}

/** The place of an entry in its stream. */
export interface Appended {
  readonly seq: number;
  /** ISO-8601 UTC. */
  readonly at: string;
}

/** An entry of an append-only stream. */
export interface StreamEntry extends Appended {
  readonly value: Json;
}

/**
 * Where records live. Records sit in named collections (read, compare-and-set, list by id); streams only grow.
 * A resolved write is durable as far as the driver is (see each driver), and a crash never leaves half a record.
 * @throws {@link ParleyError} `E_DATABASE_*`
 */
export interface Database {
  /** `memory`, `json` or `sqlite`. */
  readonly kind: string;
  /** Where it keeps things, for people. */
  readonly location: string;
  readonly durable: boolean;
  get(collection: string, id: string): Promise<Stored<Json> | undefined>;
  put(collection: string, id: string, value: Json, options?: PutOptions): Promise<Written>;
  delete(collection: string, id: string): Promise<boolean>;
  /** In ascending order of id. */
  list(collection: string, options?: ListOptions): Promise<readonly Stored<Json>[]>;
  append(stream: string, value: Json): Promise<Appended>;
  /** Entries after a sequence number, ascending. */
  read(
    stream: string,
    options?: { readonly after?: number; readonly limit?: number },
  ): Promise<readonly StreamEntry[]>;
  /** Safe to call twice. */
  close(): Promise<void>;
}
