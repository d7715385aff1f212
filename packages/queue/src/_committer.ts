import type { Database as Client } from "better-sqlite3";
import { ParleyError } from "@parley/core";
import { mayTryAlone, queueError } from "./_errors.ts";
import type { Statements } from "./_statements.ts";
import type { QueueTime } from "./_time.ts";
import type { RecordedEvent, Unit } from "./_unit.ts";

/** More calls than this go into the next transaction, so that none keeps the event loop for long. */
const callsPerCommit = 1024;

type Work<Result> = (time: QueueTime) => Result;

/** Makes many calls share one commit. */
export interface Committer {
  /** Runs work in the transaction of this turn of the event loop; resolves once that has reached the disk. */
  readonly run: <Result>(work: Work<Result>) => Promise<Result>;
  /** Writes what waits and refuses what comes. */
  readonly close: () => void;
}

interface CommitterOptions {
  readonly client: Client;
  readonly statements: Statements;
  readonly unit: Unit;
  readonly time: () => QueueTime;
  readonly path: string;
  readonly maxWaiting: number;
  readonly onCommit: (events: readonly RecordedEvent[]) => void;
}

interface Call {
  readonly work: Work<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Settle = () => void;

type Perform = (call: Call, now: QueueTime) => Settle;

const resolveWith =
  (call: Call, value: unknown): Settle =>
  () =>
    call.resolve(value);

const performPlainly: Perform = (call, now) => resolveWith(call, call.work(now));

/** A refused call is undone alone; any other error undoes the transaction. */
function createGuard({ client, statements, unit }: CommitterOptions): Perform {
  const savepoint = client.prepare("SAVEPOINT call");
  const release = client.prepare("RELEASE call");
  return (call, now) => {
    const mark = unit.mark();
    savepoint.run();
    try {
      const value = call.work(now);
      statements.flush();
      release.run();
      return resolveWith(call, value);
    } catch (error) {
      if (!ParleyError.isInstance(error)) throw error;
      client.exec("ROLLBACK TO call; RELEASE call");
      statements.forget();
      unit.reset(mark);
      return () => call.reject(error);
    }
  };
}

/** Runs calls in one transaction and says how to answer them. */
function createTransaction({ client, statements, unit, time, onCommit }: CommitterOptions) {
  const begin = client.prepare("BEGIN IMMEDIATE");
  const commit = client.prepare("COMMIT");
  return (calls: readonly Call[], perform: Perform): Settle => {
    const mark = unit.mark();
    try {
      begin.run();
      const now = time();
      const settles = calls.map((call) => perform(call, now));
      statements.flush();
      const accept = unit.write(statements);
      commit.run();
      const events = accept();
      return () => {
        for (const settle of settles) settle();
        onCommit(events);
      };
    } catch (error) {
      if (client.inTransaction) client.exec("ROLLBACK");
      statements.forget();
      unit.reset(mark);
      throw error;
    }
  };
}

function createTransactions(options: CommitterOptions): (calls: readonly Call[]) => void {
  const transact = createTransaction(options);
  const guard = createGuard(options);

  /** Without savepoints, for each of which SQLite copies every page it touches; they come when a call is refused. */
  const transactAll = (calls: readonly Call[]): Settle => {
    try {
      return transact(calls, performPlainly);
    } catch (error) {
      if (calls.length === 1 || !ParleyError.isInstance(error)) throw error;
      return transact(calls, guard);
    }
  };

  /** When a shared transaction fails, each call gets one of its own: one bad call never takes the others down. */
  return function commitAll(calls: readonly Call[]): void {
    let settle: Settle;
    try {
      settle = transactAll(calls);
    } catch (error) {
      if (calls.length > 1 && mayTryAlone(error)) for (const call of calls) commitAll([call]);
      else for (const call of calls) call.reject(queueError(error, options.path));
      return;
    }
    // Outside the try: what is committed must never be tried again.
    settle();
  };
}

/** Coalesces concurrent calls into one `BEGIN IMMEDIATE` transaction per turn of the event loop. */
export function createCommitter(options: CommitterOptions): Committer {
  const commitAll = createTransactions(options);
  const { path, maxWaiting } = options;
  let waiting: Call[] = [];
  let closed = false;

  const flush = (): void => {
    const calls = waiting.splice(0, callsPerCommit);
    if (waiting.length > 0) setImmediate(flush);
    if (calls.length > 0) commitAll(calls);
  };

  const refuse = (): ParleyError | undefined => {
    if (closed) return new ParleyError("E_DATABASE_IO", `The queue ${path} is closed: open it again.`);
    if (waiting.length < maxWaiting) return undefined;
    return new ParleyError(
      "E_QUEUE_BUSY",
      `${waiting.length} calls wait for the queue ${path}: try again in a moment, or send batches.`,
    );
  };

  return {
    run<Result>(work: Work<Result>): Promise<Result> {
      return new Promise<Result>((resolve, reject) => {
        const refusal = refuse();
        if (refusal) {
          reject(refusal);
          return;
        }
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ work, resolve: (value) => resolve(value as Result), reject });
      });
    },
    close() {
      closed = true;
      while (waiting.length > 0) flush();
    },
  };
}
