import type { Requirement } from "./requirement.ts";

const item3 = "issue 3, deliver 3";
const item5 = "issue 3, deliver 5";

/** Transports and plain routes. */
export const routes = {
  "SRV-01": {
    source: item3,
    says: "Over stdio standard output carries the protocol only, whatever a tool prints; it ends with its input or terminal.",
  },
  "SRV-02": {
    source: item3,
    says: "A missing, unusable, mismatched or expired key or certificate is one sentence that names flag and file.",
  },
  "SRV-03": { source: item3, says: "The server speaks TLS 1.2 and above." },
  "SRV-04": {
    source: item3,
    says: "With --ssl-ca only clients with a certificate of that authority are served.",
  },
  "SRV-05": {
    source: "coverage, mcpserver",
    says: "Key, certificate and authorities are taken up when they change, without a dropped connection.",
  },
  "SRV-06": {
    source: item3,
    says: "The SSE transport of 2024 is served on request: guarded, owned, counted and ended when idle.",
  },
  "SRV-07": {
    source: item5,
    says: "/health tells uptime, sessions and requests by era; /healthz and /readyz tell whether to restart and to route.",
  },
  "SRV-08": {
    source: item5,
    says: "List routes give whole items in pages whose cursors survive changes; a bad cursor is refused.",
  },
  "SRV-09": {
    source: item5,
    says: "/metrics has calls, durations, sessions, refusals and the process in Prometheus form, with bounded labels.",
  },
  "SRV-10": {
    source: item5,
    says: "/openapi.json is valid OpenAPI 3.1, and /docs shows it without the network.",
  },
  "SRV-11": {
    source: item5,
    says: "Each call is a span after OpenTelemetry's conventions for MCP, child of the trace in _meta or in the headers.",
  },
  "SRV-12": {
    source: item5,
    says: "A call made on a caller's behalf carries the caller's trace in its _meta.",
  },
  "SRV-13": {
    source: item3,
    says: "Sessions that clients leave behind end, are counted, and never pile up.",
  },
  "SRV-14": {
    source: "coverage, mcpserver",
    says: "--base-url is what is announced, and X-Forwarded headers are believed of named proxies only.",
  },
  "SRV-15": {
    source: "coverage, mcpserver",
    says: "Every client of ours heeds --ca, SSL_CERT_FILE and SSL_CERT_DIR; an https hub takes https workers.",
  },
  "SRV-16": {
    source: item5,
    says: "SIGTERM turns /readyz to 503 and lets running calls finish; a second one ends at once.",
  },
} as const satisfies Record<string, Requirement>;
