import type { IncomingHttpHeaders } from "node:http";
import type { Ending } from "@parley/core";
import type { Dispatcher } from "undici";
import { HttpBody } from "./_http-body.ts";

/** One request as undici takes it. */
export interface HttpRequest {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  readonly method: "POST" | "GET" | "DELETE";
  readonly headers: Record<string, string>;
  /** Nothing for none. */
  readonly body: string | null;
  readonly ending: Ending;
}

/** An answer whose head has come. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: HttpBody;
}

/**
 * Sends a request and gives its answer as soon as its head is there. Without undici's `request`: the stream it makes of each
 * body, and the signal it listens to, cost more than what most bodies hold.
 */
export function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  const { dispatcher, origin, path, method, headers, body, ending } = request;
  return new Promise((resolve, reject) => {
    const handler = new Handler(ending, resolve, reject);
    dispatcher.dispatch({ origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, handler);
  });
}

class Handler implements Dispatcher.DispatchHandler {
  readonly #ending: Ending;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: Error) => void;
  #release: (() => void) | undefined;
  #body: HttpBody | undefined;

  constructor(ending: Ending, resolve: (answer: HttpAnswer) => void, reject: (error: Error) => void) {
    this.#ending = ending;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#release?.();
    this.#release = this.#ending.onAbort(() => controller.abort(asError(this.#ending.reason)));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (statusCode < 200) return;
    this.#body = new HttpBody(controller);
    this.#resolve({ statusCode, headers, body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#release?.();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#release?.();
    if (this.#body === undefined) this.#reject(error);
    else this.#body.end(error);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
