import { describe, expect, it } from "vitest";
import { testServer } from "./support.ts";

const forwarded = { "x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https" };

async function seen(trustProxy: readonly string[] | undefined) {
  const server = testServer({ trustProxy });
  server.app.get("/seen", async ({ ip, protocol }) => ({ ip, protocol }));
  return (await server.app.inject({ url: "/seen", headers: forwarded, remoteAddress: "10.1.2.3" })).json();
}

describe("[SRV-14] behind a proxy", () => {
  it("what it says of the caller is believed of the named proxies only", async () => {
    expect(await seen(undefined)).toEqual({ ip: "10.1.2.3", protocol: "http" });
    expect(await seen(["192.0.2.0/24"])).toEqual({ ip: "10.1.2.3", protocol: "http" });
    expect(await seen(["10.0.0.0/8"])).toEqual({ ip: "198.51.100.7", protocol: "https" });
    expect(() => testServer({ trustProxy: ["10.0.0.0/99"] })).toThrow(/--trust-proxy: .*CIDR/);
  });

  it("the host of the base URL passes the guard, and others are refused as before", async () => {
    const server = testServer({ baseUrl: "https://mcp.example.org/site" });
    const status = async (host: string, origin?: string) => {
      const headers = { host, ...(origin === undefined ? {} : { origin }) };
      return (await server.app.inject({ url: "/healthz", headers })).statusCode;
    };
    expect(await status("mcp.example.org")).toBe(200);
    expect(await status("127.0.0.1:8089", "https://mcp.example.org")).toBe(200);
    expect(await status("evil.example")).toBe(403);
    expect(await status("127.0.0.1:8089", "https://evil.example")).toBe(403);
    const document = (await server.app.inject("/openapi.json")).json();
    expect(document.servers).toEqual([{ url: "https://mcp.example.org/site" }]);
  });

  it("a server bound to every address still answers probes that come by its own", async () => {
    const server = testServer({ baseUrl: "https://mcp.example.org" });
    const { port } = await server.listen({ host: "0.0.0.0" });
    const headers = { host: `10.9.8.7:${port}` };
    expect((await server.app.inject({ url: "/readyz", headers })).statusCode).toBe(200);
  });
});
