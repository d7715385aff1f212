import * as fc from "fast-check";
import type { Fuzzed } from "./requests.ts";
import type { Sending } from "./wire.ts";

const head = (...lines: readonly string[]): string => `${lines.join("\r\n")}\r\n\r\n`;
const post = (...lines: readonly string[]): string =>
  head("POST /mcp HTTP/1.1", "host: 127.0.0.1", "content-type: application/json", ...lines);
const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const sized = post(`content-length: ${list.length}`, "accept: application/json, text/event-stream");
const chunked = post("transfer-encoding: chunked");
const many = (count: number, line: (index: number) => string): string[] =>
  Array.from({ length: count }, (_unused, index) => line(index));

/** What a client that breaks HTTP itself may write. */
const broken: Readonly<Record<string, Sending>> = {
  "slow body": { pieces: [sized, ...list.slice(0, 12).split("")], pauseMs: 5, after: "end" },
  "half a head": { pieces: ["POST /mcp HTTP/1.1\r\nhost: 127"], after: "end" },
  "half a body": { pieces: [sized, list.slice(0, 10)], after: "end" },
  "dropped in the head": { pieces: ["POST /mcp HT"], after: "drop" },
  "dropped in the body": { pieces: [sized, list.slice(0, 10)], after: "drop" },
  "dropped before the answer": { pieces: [sized, list], after: "drop" },
  pipelined: { pieces: many(30, () => sized + list), after: "end" },
  "pipelined, then dropped": { pieces: many(30, () => sized + list), after: "drop" },
  "longer than it says": { pieces: [post("content-length: 5"), list], after: "end" },
  "shorter than it says": { pieces: [post("content-length: 5000"), list], after: "end" },
  "negative length": { pieces: [post("content-length: -1"), list] },
  "two lengths": { pieces: [post("content-length: 5", "content-length: 46"), list] },
  "length and chunks": { pieces: [post("content-length: 5", "transfer-encoding: chunked"), list] },
  "a length too big for us": { pieces: [post("content-length: 99999999999"), list], after: "end" },
  "a length too big for a number": { pieces: [post(`content-length: ${"9".repeat(60)}`), list] },
  "chunk sizes that lie": { pieces: [chunked, `5\r\n${list}\r\n0\r\n\r\n`] },
  "chunk sizes that are none": { pieces: [chunked, `zz\r\n${list}\r\n`] },
  "a huge chunk size": { pieces: [chunked, "ffffffffffffffffff\r\nx"] },
  "chunks without an end": { pieces: [chunked, `${list.length.toString(16)}\r\n${list}\r\n`], after: "end" },
  "long chunk extensions": { pieces: [chunked, `2e;${"x".repeat(40_000)}\r\n${list}\r\n0\r\n\r\n`] },
  "many trailers": {
    pieces: [chunked, `2e\r\n${list}\r\n0\r\n${many(2000, (index) => `t${index}: v`).join("\r\n")}\r\n\r\n`],
    after: "end",
  },
  "one byte chunks": { pieces: [chunked, ...many(100, () => "1\r\n \r\n"), "0\r\n\r\n"] },
  "other transfer codings": { pieces: [post("transfer-encoding: gzip, chunked"), "0\r\n\r\n"], after: "end" },
  upgrade: {
    pieces: [head("GET /mcp HTTP/1.1", "host: 127.0.0.1", "connection: upgrade", "upgrade: websocket")],
    after: "end",
  },
  "upgrade to HTTP/2": {
    pieces: [post("connection: upgrade, http2-settings", "upgrade: h2c", "content-length: 0")],
    after: "end",
  },
  connect: { pieces: [head("CONNECT 10.0.0.1:22 HTTP/1.1", "host: 10.0.0.1:22")] },
  "HTTP/2 preface": { pieces: ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] },
  "TLS hello": { pieces: [Buffer.from("160301020001000", "hex")], after: "end" },
  "HTTP/0.9": { pieces: ["GET /health\r\n\r\n"] },
  "HTTP/1.0": { pieces: ["GET /health HTTP/1.0\r\n\r\n"] },
  "HTTP/9.9": { pieces: ["GET /health HTTP/9.9\r\nhost: 127.0.0.1\r\n\r\n"] },
  "no host": { pieces: ["GET /health HTTP/1.1\r\nconnection: close\r\n\r\n"] },
  "two hosts": {
    pieces: ["GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil\r\nconnection: close\r\n\r\n"],
  },
  "empty lines": { pieces: ["\r\n".repeat(1000)], after: "end" },
  "bare line feeds": {
    pieces: ["GET /health HTTP/1.1\nhost: 127.0.0.1\nconnection: close\n\n"],
    after: "end",
  },
  "a folded header": {
    pieces: [head("GET /health HTTP/1.1", "host: 127.0.0.1", "x: a", " b")],
    after: "end",
  },
  "a header without a colon": { pieces: [head("GET /health HTTP/1.1", "host: 127.0.0.1", "xxx")] },
  "NUL in a header": { pieces: [head("GET /health HTTP/1.1", "host: 127.0.0.1", "x: a\0b")] },
  "a head of a megabyte": { pieces: [head("GET / HTTP/1.1", `x: ${"y".repeat(2 ** 20)}`)] },
  "ten thousand headers": { pieces: [head("GET / HTTP/1.1", ...many(10_000, (index) => `x${index}: y`))] },
  "an unknown expectation": { pieces: [post("expect: miracles", "content-length: 0", "connection: close")] },
  "continue and nothing": { pieces: [post("expect: 100-continue", "content-length: 46")], after: "end" },
  "a body beyond the limit": {
    pieces: [post("content-length: 9000000"), ...many(40, () => "x".repeat(100_000))],
    after: "end",
  },
  "chunks beyond the limit": {
    pieces: [chunked, ...many(60, () => `186a0\r\n${"x".repeat(100_000)}\r\n`)],
    after: "end",
  },
};

/** Each by its name, so that a failure says which. */
export const brokenNames = Object.keys(broken);

export function brokenSending(name: string): Sending {
  const found = broken[name];
  if (found === undefined) throw new Error(`No case ${name}`);
  return found;
}

/** Any of the cases, or bytes that are none. */
export const rawSending: fc.Arbitrary<Fuzzed> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...brokenNames).map((name) => () => brokenSending(name)) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 300 })
      .map((bytes) => () => ({ pieces: [Buffer.from(bytes)], after: "end" as const })),
  },
);
