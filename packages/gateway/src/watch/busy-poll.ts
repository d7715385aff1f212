/** Where a {@link BusyPoll} gets its turns and its time from. */
export interface LoopTurns {
  /** Runs the work in the next turn of the event loop, which then does not sleep. */
  readonly next: (work: () => void) => void;
  /** Milliseconds since any moment. */
  readonly now: () => number;
}

export interface BusyPollOptions {
  /** Longest the loop keeps turning for one wait, in milliseconds; 0 for never. */
  readonly windowMs: number;
  /** With more calls than this the loop has enough to do, and others need the processors. */
  readonly maxRunning: number;
  readonly loop?: LoopTurns | undefined;
}

const realLoop: LoopTurns = { next: (work) => void setImmediate(work), now: () => performance.now() };

/** Calls one after the other that are seen before the loop stays awake for the next. */
const minInRow = 8;

/**
 * Keeps the event loop turning for a moment instead of going to sleep, where calls come one after the other and the last wait
 * of this kind was that short: being woken costs more than a quick server needs for its answer. What the kernel's haltpoll
 * governor does for a processor (Documentation/virt/guest-halt-polling.rst), done for a process. A wait that lasts is not
 * waited for awake a second time.
 */
export class BusyPoll {
  /** Milliseconds; 0 for never. */
  readonly windowMs: number;
  readonly #maxRunning: number;
  readonly #loop: LoopTurns;
  readonly #turn = (): void => this.#onTurn();
  #running = 0;
  /** Calls since more than the most ran at once. */
  #inRow = 0;
  #since = Number.NEGATIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;
  #isTurning = false;
  #wasAnswerSoon = false;
  #wasCallSoon = false;

  constructor({ windowMs, maxRunning, loop = realLoop }: BusyPollOptions) {
    this.windowMs = windowMs;
    this.#maxRunning = maxRunning;
    this.#loop = loop;
  }

  /** A call goes to a server. */
  begin(): void {
    if (this.windowMs === 0) return;
    const now = this.#loop.now();
    if (this.#running === 0) this.#wasCallSoon = this.#isSoon(now);
    this.#running += 1;
    this.#inRow = this.#running > this.#maxRunning ? 0 : this.#inRow + 1;
    this.#wait(now, this.#wasAnswerSoon);
  }

  /** Its answer is there. */
  end(): void {
    if (this.windowMs === 0) return;
    const now = this.#loop.now();
    this.#running -= 1;
    this.#wasAnswerSoon = this.#isSoon(now);
    this.#wait(now, this.#running === 0 ? this.#wasCallSoon : this.#wasAnswerSoon);
  }

  #isSoon(now: number): boolean {
    return now - this.#since <= this.windowMs;
  }

  #wait(now: number, isShort: boolean): void {
    this.#since = now;
    this.#until = isShort && this.#inRow >= minInRow ? now + this.windowMs : now;
    if (this.#isTurning || this.#until === now) return;
    this.#isTurning = true;
    this.#loop.next(this.#turn);
  }

  #onTurn(): void {
    this.#isTurning = this.#loop.now() < this.#until;
    if (this.#isTurning) this.#loop.next(this.#turn);
  }
}

const defaultWindowMs = 1;

/**
 * Half of the processors are left to callers and servers: with more calls than that, nobody waits for one to wake.
 * @param windowMs - default 1, and 0 where there is one processor
 */
export function createBusyPoll(windowMs: number | undefined, processors: number): BusyPoll {
  return new BusyPoll({
    windowMs: windowMs ?? (processors > 1 ? defaultWindowMs : 0),
    maxRunning: Math.max(1, Math.floor(processors / 2)),
  });
}
