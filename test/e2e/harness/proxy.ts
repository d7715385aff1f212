import { createServer, request } from "node:http";
import type { ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

export interface Proxy {
  readonly base: string;
  /** Answers that were held back so far. */
  readonly held: number;
  /** Breaks the connections whose answers are held back. */
  drop(): void;
}

/** An HTTP proxy that delivers requests but never the answers to those a test picks: a network that fails late. */
export async function startProxy(
  target: { readonly base: () => string },
  holdsBack: (body: string) => boolean,
): Promise<Proxy> {
  let held = 0;
  const waiting: ServerResponse[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (text: string) => (body += text));
    incoming.on("end", () => {
      const url = new URL(incoming.url ?? "/", target.base());
      const { host: _host, ...headers } = incoming.headers;
      const onward = request(url, { method: incoming.method ?? "GET", headers }, (answer) => {
        if (holdsBack(body)) {
          waiting.push(outgoing);
          answer.resume().once("end", () => (held += 1));
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on("error", () => outgoing.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return {
    base: `http://127.0.0.1:${port}`,
    get held() {
      return held;
    },
    drop() {
      for (const response of waiting) response.destroy();
    },
  };
}
