import { createGatewayMetrics } from "@parley/gateway/metrics";
import { expect, test } from "vitest";
import { entry, start, stdio, text, tool, until, upstream } from "./_gateway.ts";

async function three() {
  const up = await upstream();
  const { registry, url } = up;
  registry.addTool(tool("hi", text("hi")));
  registry.addTool(tool("sorry", { isError: true, content: [{ type: "text", text: "my secret failed" }] }));
  const servers = [
    entry("up", { type: "http", url, required: true }),
    entry("dead", { type: "http", url: "http://127.0.0.1:9/mcp" }),
    entry("off", { command: "x", enabled: false }),
  ];
  return { servers, close: () => up.close() };
}

test("[GTW-95] readiness waits for required servers alone, and names them with why", async () => {
  const { servers, close } = await three();
  const { get, gateway } = await start({ servers });
  await until(() => expect(gateway.servers[0]?.state).toBe("ready"));
  expect((await get("/readyz")).json).toEqual({ status: "ready" });
  await close();
  await gateway.call({ server: "up", tool: "hi" }).catch(() => undefined);
  const away = await get("/readyz");
  expect(away.status).toBe(503);
  expect(away.json).toMatchObject({
    status: "not-ready",
    reasons: [expect.stringMatching(/^the server up is unreachable: Cannot reach 127\.0\.0\.1:\d+/)],
  });
  expect((await get("/healthz")).status).toBe(200);
  const key = { name: "k", key: "key", servers: [], tools: [] };
  const strict = await start({ servers, keys: [key], strictAuth: true }, { isSettled: false });
  expect((await strict.get("/readyz")).json).toMatchObject({
    reasons: ["1 of the required servers are not ready"],
  });
});

test("[GTW-95] a server that is required is ready at the start only once it is there", async () => {
  const { get } = await start(
    { servers: [stdio("mute", ["mute"], { required: true })] },
    { isSettled: false },
  );
  expect((await get("/readyz")).json).toMatchObject({ reasons: ["the server mute is connecting"] });
});

test("[GTW-90] the overview tells calls, latency and errors over REST, MCP and the library, without contents", async () => {
  const { servers } = await three();
  const heard: string[] = [];
  const { get, post, gateway } = await start(
    { servers, pathPrefix: "/x/", name: "Mine" },
    { onCall: ({ server, name, outcome }) => heard.push(`${server} ${name} ${outcome}`) },
  );
  await post("/x/up/hi", { password: "secret-1" });
  await post("/x/up/sorry");
  await gateway.call({ server: "up", tool: "hi" });
  const report = await get("/-/overview");
  expect(report.json).toMatchObject({
    name: "Mine",
    servers: [
      {
        name: "up",
        title: "upstream",
        version: "3",
        state: "ready",
        calls: 3,
        errors: 1,
        reconnects: 0,
        latency: { count: 3 },
        lastError: { name: "sorry", code: "E_TOOL_FAILED" },
        links: { docs: "x/up/docs", openapi: "x/up/openapi.json", mcp: "servers/up/mcp" },
      },
      { name: "dead", state: "unreachable", calls: 0, errors: 0 },
      { name: "off", state: "disabled" },
    ],
    calls: [{ number: 3, outcome: "ok" }, { number: 2, outcome: "error" }, { number: 1 }],
  });
  expect(report.text).not.toContain("secret");
  expect(report.headers.get("cache-control")).toBe("no-store");
  expect(heard).toEqual(["up hi ok", "up sorry error", "up hi ok"]);
});

test("[GTW-90] what is remembered of calls is bounded", async () => {
  const { get, gateway } = await start({ servers: [stdio("raw")] });
  const calls = Array.from({ length: 450 }, () => gateway.call({ server: "raw", tool: "pid" }));
  await Promise.all(calls);
  const report = await get("/-/overview");
  expect(report.at("calls", "length")).toBe(200);
  expect(report.at("calls", 0, "number")).toBe(450);
  expect(report.at("servers", 0, "latency", "count")).toBe(256);
});

test("[GTW-93] the overview asks for a key, and a limited one sees its own calls of its own tools", async () => {
  const { servers } = await three();
  const whole = { name: "whole", key: "whole", servers: [], tools: [] };
  const part = { name: "part", key: "part", servers: [], tools: ["up.hi"] };
  const { get, post } = await start({ servers, keys: [whole, part] });
  const as = (key: string) => ({ authorization: `Bearer ${key}` });
  expect((await get("/-/overview")).status).toBe(401);
  await post("/up/hi", {}, as("whole"));
  await post("/up/sorry", {}, as("whole"));
  await post("/up/hi", {}, as("part"));
  expect((await get("/-/overview", as("whole"))).at("calls", "length")).toBe(3);
  const limited = await get("/-/overview", as("part"));
  expect(limited.json).toMatchObject({
    servers: [{ name: "up", tools: 1 }],
    calls: [{ caller: "part", name: "hi" }],
  });
  expect(limited.at("calls", "length")).toBe(1);
  expect(limited.text).not.toContain("sorry");
});

test("[GTW-96] metrics tell calls, states, restarts, running calls and sessions", async () => {
  const { servers } = await three();
  const { get, post, gateway } = await start(
    { servers: [...servers, stdio("raw")] },
    { metrics: createGatewayMetrics({ process: false }) },
  );
  await post("/up/hi");
  await post("/up/sorry");
  await post("/raw/die");
  await post("/raw/pid");
  await until(() => expect(gateway.servers[3]?.state).toBe("ready"));
  await get("/no/such/route");
  const { text: lines } = await get("/metrics");
  for (const line of [
    'mcp_gateway_calls_total{server="up",name="hi",kind="tool",outcome="ok"} 1',
    'mcp_gateway_calls_total{server="up",name="sorry",kind="tool",outcome="error"} 1',
    'mcp_gateway_calls_total{server="raw",name="die",kind="tool",outcome="unreachable"} 1',
    'mcp_gateway_call_duration_seconds_count{server="up",kind="tool"} 2',
    'mcp_gateway_upstream_up{server="up"} 1',
    'mcp_gateway_upstream_up{server="dead"} 0',
    'mcp_gateway_upstream_state{server="dead",state="unreachable"} 1',
    'mcp_gateway_upstream_state{server="off",state="disabled"} 1',
    'mcp_gateway_upstream_restarts_total{server="raw"} 1',
    'mcp_gateway_running_calls{server="up"} 0',
    'mcp_gateway_tools{server="raw"} 10',
    "mcp_gateway_sessions 0",
    'mcp_gateway_http_requests_total{method="POST",route="/:server/:tool",status="200"} 2',
    'mcp_gateway_http_requests_total{method="GET",route="(unknown)",status="404"} 1',
  ])
    expect(lines).toContain(`${line}\n`);
});

test("[GTW-96] series are bounded, whatever names come", async () => {
  const metrics = createGatewayMetrics({ process: false, maxNames: 3 });
  const call = { kind: "tool", caller: "c", startedAt: 0, durationMs: 5, outcome: "ok" } as const;
  for (let count = 0; count < 400; count += 1)
    metrics.gateway.called({ ...call, server: `s${count}`, name: `t${count}` });
  for (let count = 0; count < 50; count += 1)
    metrics.gateway.called({ ...call, server: "s0", name: `u${count}` });
  const lines = (await metrics.text()).split("\n");
  const series = lines.filter((line) => line.startsWith("mcp_gateway_calls_total{"));
  expect(series).toHaveLength(200 + 2);
  expect(series).toContain(
    'mcp_gateway_calls_total{server="(other)",name="(other)",kind="tool",outcome="ok"} 200',
  );
});
