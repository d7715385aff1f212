import { traceContext } from "@parley/mcp-client";
import { expect, it } from "vitest";

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

it("[SRV-12] takes the trace out of a request's _meta, and nothing else of it", () => {
  const meta = {
    traceparent,
    tracestate: "a=b",
    baggage: "c=d",
    progressToken: 1,
    "example.com/secret": "x",
  };
  expect(traceContext(meta)).toEqual({ traceparent, tracestate: "a=b", baggage: "c=d" });
  expect(traceContext({ traceparent: 7, progressToken: 1 })).toBeUndefined();
  expect(traceContext(undefined)).toBeUndefined();
});
