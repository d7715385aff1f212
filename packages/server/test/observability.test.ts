import { anonymous, staticToken } from "@parley/server";
import { createMetrics } from "@parley/server/metrics";
import { fakeClock } from "@parley/testing";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { inject, modernRequest, oldClient, testServer, waitingTool } from "./support.ts";

const call = (name: string, args: object = {}) => modernRequest("tools/call", { name, arguments: args });
const measured = (options: Parameters<typeof createMetrics>[0] = {}) =>
  createMetrics({ process: false, ...options });

async function scrape(server: ReturnType<typeof testServer>): Promise<string> {
  return (await server.app.inject("/metrics")).body;
}

describe("[SRV-07] health", () => {
  it("says since when, with how many sessions and requests of each era", async () => {
    const clock = fakeClock();
    const server = testServer({
      clock,
      health: () => ({ mode: "plain" }),
      baseUrl: "https://mcp.example.org",
    });
    const { url } = await server.listen();
    await oldClient(url);
    await inject(server, call("echo", { message: "x" }));
    clock.advance(5000);
    expect((await server.app.inject("/health")).json()).toMatchObject({
      status: 200,
      message: "OK",
      version: "1.2.3",
      mode: "plain",
      base_url: "https://mcp.example.org",
      uptime_seconds: 5,
      sessions: { open: 1, sse: 0, expired: 0 },
      requests: { modern: 1, legacy: expect.any(Number) },
    });
  });

  it("tells who routes requests whether to send any", async () => {
    const reasons: string[] = ["not joined"];
    const waits = waitingTool();
    const server = testServer({
      notReady: () => reasons,
      authenticator: staticToken("t"),
      closeGraceMs: 5000,
    });
    server.registry.addTool(waits.tool);
    const probe = async (url: string) => {
      const answer = await server.app.inject(url);
      return [answer.statusCode, answer.json()];
    };
    expect(await probe("/healthz")).toEqual([200, { status: "ok" }]);
    expect(await probe("/readyz")).toEqual([503, { status: "not-ready", reasons: ["not joined"] }]);
    reasons.length = 0;
    expect(await probe("/readyz")).toEqual([200, { status: "ready" }]);
    const bearer = { authorization: "Bearer t" };
    const running = call("waits");
    const answer = inject(server, { ...running, headers: { ...running.headers, ...bearer } });
    await waits.running;
    const closed = server.close();
    expect(await probe("/readyz")).toEqual([503, { status: "draining", reasons: ["the server is closing"] }]);
    expect(await probe("/healthz")).toEqual([200, { status: "ok" }]);
    const late = call("who");
    const refused = await inject(server, { ...late, headers: { ...late.headers, ...bearer } });
    expect([refused.statusCode, refused.json().error.data.code]).toEqual([503, "E_SERVER_CLOSING"]);
    waits.release();
    expect((await answer).body).toContain("waited");
    await closed;
  });
});

describe("[SRV-09] metrics", () => {
  it("count calls by tool and outcome, with their durations", async () => {
    const server = testServer({ metrics: measured() });
    await inject(server, call("echo", { message: "x" }));
    await inject(server, call("echo", { message: "y" }));
    await inject(server, call("fails"));
    const text = await scrape(server);
    expect(text).toContain('mcp_calls_total{kind="tool",name="echo",outcome="ok"} 2');
    expect(text).toContain('mcp_calls_total{kind="tool",name="fails",outcome="error"} 1');
    expect(text).toContain('mcp_call_duration_seconds_count{kind="tool",name="echo"} 2');
    expect(text).toContain('mcp_requests_total{era="modern"} 3');
    expect(await scrape(server)).toContain('mcp_requests_total{era="modern"} 3');
  });

  it("keep the number of labels bounded", async () => {
    const server = testServer({ metrics: measured({ maxNames: 1 }) });
    for (let index = 0; index < 20; index += 1) await inject(server, call(`made_up_${index}`));
    await inject(server, call("echo", { message: "x" }));
    await inject(server, call("add", { a: 1 }));
    const text = await scrape(server);
    expect(text).toContain('mcp_calls_total{kind="tool",name="(unknown)",outcome="unknown"} 20');
    expect(text).toContain('name="(other)"');
    expect(text).not.toContain("made_up");
  });

  it("show sessions, running calls and refusals, and nothing of another server", async () => {
    const waits = waitingTool();
    const server = testServer({ metrics: measured() });
    server.registry.addTool(waits.tool);
    const { url } = await server.listen();
    await oldClient(url);
    const answer = inject(server, call("waits"));
    await waits.running;
    await server.app.inject({ url: "/health", headers: { host: "evil.example" } });
    const text = await scrape(server);
    expect(text).toContain('mcp_sessions{transport="http"} 1');
    expect(text).toContain("mcp_running_calls 1");
    expect(text).toContain('mcp_refused_requests_total{code="E_HOST_REFUSED"} 1');
    expect(await scrape(testServer({ metrics: measured() }))).toContain('mcp_sessions{transport="http"} 0');
    waits.release();
    await answer;
  });

  it("need the scope read unless they are public; those of the process come along", async () => {
    const status = async (options: object, headers = {}) => {
      const server = testServer({ metrics: measured(), ...options });
      return (await server.app.inject({ url: "/metrics", headers })).statusCode;
    };
    const authenticator = staticToken("t");
    expect(await status({ authenticator })).toBe(401);
    expect(await status({ authenticator }, { authorization: "Bearer t" })).toBe(200);
    expect(await status({ authenticator: anonymous(new Set(["dispatch"])) })).toBe(403);
    expect(await status({ authenticator, metricsPublic: true })).toBe(200);
    const own = testServer({ metrics: createMetrics() });
    expect(await scrape(own)).toMatch(/nodejs_eventloop_lag_seconds \d/);
  });
});

describe("[SRV-10] the routes document themselves", () => {
  it("as valid OpenAPI 3.1 that says what is refused", async () => {
    const server = testServer({ metrics: measured() });
    const document = (await server.app.inject("/openapi.json")).json();
    const result = await new Validator().validate(document);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    const list = document.paths["/tools/list"].get;
    expect(Object.keys(list.responses).toSorted()).toEqual(["200", "400", "401", "403"]);
    expect(list.security).toEqual([{ bearer: [] }]);
    expect(document.components.securitySchemes.bearer).toEqual({ type: "http", scheme: "bearer" });
    expect(Object.keys(document.paths["/readyz"].get.responses)).toEqual(["200", "503"]);
    expect(document.paths["/readyz"].get.security).toEqual([]);
  });

  it("with a page of files from this machine only, behind the same policy", async () => {
    const server = testServer();
    const moved = await server.app.inject("/docs");
    expect([moved.statusCode, moved.headers.location]).toEqual([302, "./docs/"]);
    const { url } = await server.listen();
    const page = await fetch(`${url}/docs/`);
    const html = await page.text();
    expect(html).toContain("Swagger UI");
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(page.headers.get("content-security-policy")).not.toMatch(/https?:/);
    for (const path of ["static/swagger-ui-bundle.js", "json"]) {
      expect((await fetch(`${url}/docs/${path}`)).status).toBe(200);
    }
    const closed = testServer({ authenticator: staticToken("t") });
    for (const path of ["/docs", "/docs/", "/docs/json"]) {
      expect((await closed.app.inject(path)).statusCode).toBe(401);
    }
    expect((await testServer({ openApi: false }).app.inject("/docs/")).statusCode).toBe(404);
  });
});
