/**
 * Does what nobody waits for when the event loop has done what somebody waits for: an answer leaves before it is written down.
 * Nothing else comes in between, so that whoever asks over a socket or pipe finds it done.
 */
export class AfterTurn<Item> {
  readonly #work: (item: Item) => void;
  #waiting: Item[] = [];

  /** @param work - must not throw */
  constructor(work: (item: Item) => void) {
    this.#work = work;
  }

  add(item: Item): void {
    if (this.#waiting.push(item) === 1) setImmediate(() => this.flush());
  }

  /** Does at once what waits, in the order it came. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const item of waiting) this.#work(item);
  }
}
