import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A local server that answers chat completions as a test wants, with what it was asked. */
export async function startProvider(respond: (response: ServerResponse, asked: number) => void) {
  const asked: string[] = [];
  const left: boolean[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      asked.push(body);
      response.on("close", () => left.push(!response.writableFinished));
      respond(response, asked.length);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // of a listening TCP server
  return { base: `http://127.0.0.1:${port}/v1`, asked, left };
}

/** A chat completion that says a text. */
export function completion(content: string): string {
  return JSON.stringify({
    id: "1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
  });
}

export const sayJson = (content: unknown) => (response: ServerResponse) =>
  void response.setHeader("content-type", "application/json").end(completion(JSON.stringify(content)));
