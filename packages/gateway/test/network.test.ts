import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAddressCheck } from "@parley/gateway";
import { assert, constantFrom, nat, property } from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { entry, parse, start, text, tool, upstream } from "./_gateway.ts";

const verdict = (
  address: string,
  host = address,
  rules: Partial<Record<"allow" | "deny", string[]>> = {},
) => {
  try {
    createAddressCheck({ allow: [], deny: [], ...rules })(address, host);
    return "ok";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
};

test.each([
  ["169.254.169.254", "metadata.google.internal"],
  ["169.254.169.254", "169.254.169.254"],
  ["::ffff:169.254.169.254", "cloud"],
  ["::ffff:a9fe:a9fe", "cloud"],
  ["64:ff9b::a9fe:a9fe", "cloud"],
  ["fe80::1%eth0", "router"],
  ["fd00:ec2::254", "cloud"],
  ["100.100.100.200", "cloud"],
  ["168.63.129.16", "cloud"],
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "all"],
  ["224.0.0.1", "many"],
])("[GTW-79] %s is never connected to, whatever name leads there", (address, host) => {
  expect(verdict(address, host)).toMatch(/may not be connected to.*"network": \{ "allow"/);
  expect(verdict(address, host, { allow: [host] })).toBe("ok");
});

test("[GTW-79] servers on this machine, in this network and elsewhere are reached", () => {
  for (const [address, host] of [
    ["127.0.0.1", "localhost"],
    ["::1", "::1"],
    ["127.0.1.1", "workstation"],
    ["10.1.2.3", "mcp.corp.example.com"],
    ["192.168.1.4", "nas.local"],
    ["fd12::1", "fd12::1"],
    ["93.184.216.34", "example.com"],
    ["2606:2800:220:1::1", "example.com"],
  ] as const)
    expect([host, verdict(address, host)]).toEqual([host, "ok"]);
});

test("[GTW-79] a name that is rebound is not followed", () => {
  expect(verdict("127.0.0.1", "rebind.example.com")).toMatch(/a public name leads to this machine/);
  const check = createAddressCheck({ allow: [], deny: [] });
  check("93.184.216.34", "Rebind.example.com.");
  expect(() => check("10.0.0.5", "rebind.example.com")).toThrow(/led to a public address before/);
  check("10.0.0.5", "10.0.0.5");
  const allowed = createAddressCheck({ allow: ["*.example.com"], deny: [] });
  allowed("93.184.216.34", "rebind.example.com");
  allowed("10.0.0.5", "rebind.example.com");
});

test("[GTW-79] the file denies and allows by kind, network, address and name", () => {
  const deny = ["private", "loopback", "203.0.113.0/24", "2001:db8::/32", "*.evil.example"];
  for (const [address, host] of [
    ["10.0.0.1", "a"],
    ["127.0.0.1", "localhost"],
    ["203.0.113.7", "b.example"],
    ["::ffff:203.0.113.7", "b.example"],
    ["2001:db8::1", "c.example"],
    ["93.184.216.34", "www.EVIL.example"],
  ] as const)
    expect([host, verdict(address, host, { deny })]).toEqual([host, expect.stringContaining("network.deny")]);
  expect(verdict("10.0.0.1", "a", { deny, allow: ["10.0.0.0/24"] })).toBe("ok");
  expect(verdict("10.0.1.1", "a", { deny, allow: ["10.0.0.0/24"] })).not.toBe("ok");
  expect(verdict("93.184.216.34", "example.com", { deny: ["public"], allow: ["example.com"] })).toBe("ok");
  expect(() => parse({ mcpServers: { a: { command: "x" } }, network: { deny: ["10.0.0.0/99"] } })).toThrow(
    /is no network/,
  );
});

test("[GTW-79] no way of writing a link-local address gets by", () => {
  const forms = nat(255).chain((c) =>
    nat(255).chain((d) => {
      const number = (169 * 2 ** 24 + 254 * 2 ** 16 + c * 2 ** 8 + d).toString();
      return constantFrom(
        `http://169.254.${c}.${d}/`,
        `http://${number}/`,
        `http://0x${Number(number).toString(16)}/`,
        `http://0251.0376.${c}.${d}/`,
        `http://[::ffff:169.254.${c}.${d}]/`,
      );
    }),
  );
  assert(
    property(forms, (url) => {
      const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
      expect(verdict(host, host)).toMatch(/may not be connected to/);
    }),
  );
});

test("[GTW-79] the address that is connected to is checked, and the reason is shown", async () => {
  const peer = await upstream();
  peer.registry.addTool(tool("get", text("got")));
  const byName = entry("named", { type: "http", url: peer.url.replace("127.0.0.1", "localhost") });
  const servers = [
    entry("written", { type: "http", url: peer.url }),
    byName,
    entry("meta", { type: "http", url: "http://169.254.169.254/latest/meta-data" }),
  ];
  const { gateway, post } = await start({ servers, network: { allow: [], deny: ["loopback"] } });
  expect(gateway.servers.map(({ name, state }) => [name, state])).toEqual([
    ["written", "unreachable"],
    ["named", "unreachable"],
    ["meta", "unreachable"],
  ]);
  for (const { reason } of gateway.servers) expect(reason).toMatch(/may not be connected to/);
  expect((await post("/written/get", {})).text).toMatch(/network\.deny/);
  const open = await start({
    servers: servers.slice(0, 2),
    network: { allow: ["localhost"], deny: ["loopback"] },
  });
  expect((await open.post("/named/get", {})).json).toBe("got");
  expect((await open.post("/written/get", {})).status).not.toBe(200);
});

test("[GTW-79] a redirect is not followed, so that headers go nowhere else", async () => {
  const seen: unknown[] = [];
  const target = createServer((request, response) => {
    seen.push(request.headers["x-secret"]);
    response.end();
  }).listen(0, "127.0.0.1");
  const redirecting = createServer((_request, response) => {
    response
      .writeHead(307, { location: `http://127.0.0.1:${(target.address() as AddressInfo).port}/` })
      .end();
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void [target.close(), redirecting.close()]);
  await new Promise((resolve) => setImmediate(resolve));
  const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/mcp`;
  const { gateway } = await start({
    servers: [entry("a", { type: "http", url, headers: { "x-secret": "s3" } })],
  });
  expect(gateway.servers[0]?.reason).toMatch(/redirects to .*which is not followed/);
  expect(seen).toEqual([]);
});
