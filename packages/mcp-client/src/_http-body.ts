import type { Dispatcher } from "undici";

/** Bytes that wait to be read before the peer is made to wait. */
const maxUnread = 256 * 1024;

/** The body of an answer as it comes in, to be read once: whole, or piece by piece. */
export class HttpBody implements AsyncIterable<Buffer> {
  readonly #controller: Dispatcher.DispatchController;
  #pieces: Buffer[] = [];
  #unread = 0;
  #isOver = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller;
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#unread += piece.length;
    if (this.#unread > maxUnread) this.#controller.pause();
    this.#wake?.();
  }

  /** No more comes. @param error - why, where it is not whole */
  end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = error;
    this.#wake?.();
  }

  /** What has come so far, or nothing when no more comes. @throws what it ended with */
  async #next(): Promise<Buffer | undefined> {
    if (this.#pieces.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    const pieces = this.#pieces;
    if (pieces.length === 0) {
      if (this.#error !== undefined) throw this.#error;
      return undefined;
    }
    this.#pieces = [];
    this.#unread = 0;
    if (this.#controller.paused) this.#controller.resume();
    const [only] = pieces;
    return pieces.length === 1 ? only : Buffer.concat(pieces);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let piece = await this.#next(); piece !== undefined; piece = await this.#next()) yield piece;
  }

  /** The whole of it, where it has come in one piece of at most so many bytes, as nearly every answer does. */
  atOnce(maxBytes: number): string | undefined {
    const [only] = this.#pieces;
    const isWhole = this.#isOver && this.#error === undefined && this.#pieces.length === 1;
    if (!isWhole || only === undefined || only.length > maxBytes) return undefined;
    this.#pieces = [];
    return only.toString("utf8");
  }

  /** The whole of it; `undefined` when it is longer. */
  async text(maxBytes: number): Promise<string | undefined> {
    const first = await this.#next();
    if (first === undefined) return "";
    if (first.length > maxBytes) return undefined;
    const pieces = [first];
    let bytes = first.length;
    for await (const piece of this) {
      bytes += piece.length;
      if (bytes > maxBytes) return undefined;
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  }

  /** Lets go of what nobody reads to its end. */
  discard(): void {
    if (this.#isOver) return;
    this.end();
    this.#pieces = [];
    this.#controller.abort(new Error("The answer was not wanted."));
  }
}
