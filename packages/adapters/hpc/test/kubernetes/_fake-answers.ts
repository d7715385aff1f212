import type { ServerResponse } from "node:http";

/** The body of a refusal. */
export function status(reason: string, message: string): object {
  const codes: Record<string, number> = { NotFound: 404, AlreadyExists: 409, Forbidden: 403, Invalid: 422 };
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    code: codes[reason] ?? 500,
  };
}

export function send(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(value));
}
