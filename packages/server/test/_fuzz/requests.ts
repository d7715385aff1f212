import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { mutated, mutation } from "./mutate.ts";
import { recorded } from "./recorded.ts";
import type { Sending } from "./wire.ts";

/** One generated request; `session` is put in when it is sent. */
export type Fuzzed = (session: string) => Sending;

const methods = ["POST", "POST", "POST", "GET", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD", "TRACE", "FOO"];
const paths = [
  "/mcp",
  "/mcp/",
  "//mcp",
  "/./mcp",
  "/mcp/../mcp",
  "/%6dcp",
  "/mcp%00",
  "/mcp?x=%ZZ",
  "/%",
  "/%ff%fe",
  "/mcp;a=b",
  "/MCP",
  "/sse",
  "/messages",
  "/messages?sessionId=x",
  "/messages?sessionId=a&sessionId=b",
  "/tools/list?limit=0",
  "/tools/list?limit=1e9&cursor=%00",
  "/prompts/list?cursor[]=a",
  "/resources/list?cursor=__proto__",
  "/health",
  "/healthz",
  "/readyz",
  "/metrics",
  "/openapi.json",
  "/docs",
  "/docs/../../../../etc/passwd",
  "/docs/static/%2e%2e/%2e%2e/package.json",
  "/.well-known/oauth-protected-resource",
  "/__proto__",
  "/constructor",
  "*",
  "http://127.0.0.1/mcp",
  `/${"a".repeat(9000)}`,
  `/tools/list?${"a=b&".repeat(1500)}`,
];

const oddHeaders: readonly (readonly [string, string])[] = [
  ["accept", "text/html"],
  ["accept", ""],
  ["accept", "application/json;q=x, */*"],
  ["content-type", "text/plain"],
  ["content-type", "application/json; charset=utf-16"],
  ["content-type", "application/json, application/json"],
  ["content-type", "multipart/form-data; boundary="],
  ["content-type", "application/xml"],
  ["content-type", ";;;"],
  ["content-encoding", "gzip"],
  ["content-encoding", "br, br, br"],
  ["mcp-protocol-version", "2099-01-01"],
  ["mcp-protocol-version", "2024-11-05"],
  ["mcp-protocol-version", "2026-07-28"],
  ["mcp-protocol-version", ""],
  ["mcp-method", "tools/nothing"],
  ["mcp-method", "__proto__"],
  ["mcp-name", "nobody"],
  ["mcp-name", "=?base64?AAAA?="],
  ["mcp-session-id", "nonsense"],
  ["mcp-session-id", "__proto__"],
  ["last-event-id", "nonsense"],
  ["last-event-id", "-1"],
  ["authorization", "Bearer x"],
  ["authorization", "Basic %%%"],
  ["host", "evil.example"],
  ["host", ""],
  ["origin", "null"],
  ["origin", "https://evil.example"],
  ["x-forwarded-for", "::::"],
  ["traceparent", "00-zz-zz-zz"],
  ["expect", "100-continue"],
  ["upgrade", "websocket"],
  ["cookie", "a=b; ".repeat(1000)],
  ["x-long", "y".repeat(12_000)],
  ["access-control-request-method", "POST"],
  ["__proto__", "polluted"],
];

type Headers = readonly (readonly [string, string])[];

interface Parts {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | Buffer;
}

/** An HTTP/1.1 request that ends its connection. */
function framed({ method, path, headers, body }: Parts): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(headers.some(([name]) => name === "host") ? [] : ["host: 127.0.0.1"]),
    "connection: close",
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body)]);
}

const odd = fc.array(fc.constantFrom(...oddHeaders), { maxLength: 3 });

/** A recorded request with something wrong in its body, its headers, both or neither. */
export const mutatedRequest: fc.Arbitrary<Fuzzed> = fc
  .record({
    base: fc.constantFrom(...recorded),
    changes: fc.array(mutation, { maxLength: 2 }),
    extra: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: odd }),
    dropped: fc.option(fc.nat(5), { freq: 5 }),
    pieces: fc.constantFrom(1, 1, 1, 2, 7),
  })
  .map(({ base, changes, extra, dropped, pieces }) => (session) => {
    const own = Object.entries(base.headers).filter((_header, index) => index !== dropped);
    const named: Headers = base.inSession === true ? [["mcp-session-id", session]] : [];
    const body = mutated(base.body, changes);
    const bytes = framed({ method: "POST", path: "/mcp", headers: [...own, ...named, ...extra], body });
    return { pieces: cut(bytes, pieces), pauseMs: pieces > 1 ? 2 : 0 };
  });

const bomb = gzipSync(Buffer.alloc(8 * 2 ** 20));

const anyBody: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.constant(""),
  fc.json(),
  fc.string(),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(bomb),
  fc.constant("[".repeat(100_000)),
  fc.constant(`${"[".repeat(100_000)}${"]".repeat(100_000)}`),
  fc.constant(" ".repeat(70_000)),
);

/** Any method on any path with any headers. */
export const strangeRequest: fc.Arbitrary<Fuzzed> = fc
  .record({
    method: fc.constantFrom(...methods),
    path: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...paths) },
      { weight: 1, arbitrary: fc.webPath() },
    ),
    headers: odd,
    inSession: fc.boolean(),
    body: anyBody,
    json: fc.boolean(),
  })
  .map(({ method, path, headers, inSession, body, json }) => (session) => {
    const all: Headers = [
      ...(json ? ([["content-type", "application/json"]] as const) : []),
      // A DELETE would end the session that the others go to.
      ...(inSession && method !== "DELETE" ? ([["mcp-session-id", session]] as const) : []),
      ...headers,
    ];
    return { pieces: [framed({ method, path: path || "/", headers: all, body })] };
  });

function cut(bytes: Buffer, pieces: number): Buffer[] {
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  return Array.from({ length: pieces }, (_unused, index) => bytes.subarray(index * size, (index + 1) * size));
}
