import type { Registration } from "@parley/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hubBase } from "@parley/fleet";
import { joinHub } from "../src/worker/join.ts";
import type { JoinState } from "../src/worker/join.ts";

const registration: Registration = { id: "w", url: "http://w.example/mcp", labels: {}, manifest: {} };
const welcome = { status: "success", prefix: "w", lease: "l".repeat(20), heartbeatSeconds: 5 };
const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });

function membership(answer: (path: string, attempt: number) => Response | Error) {
  const requests: string[] = [];
  const sleeps: number[] = [];
  const states: JoinState[] = [];
  let registered = 0;
  const member = joinHub({
    hubUrl: "http://hub.example:8000/register",
    secret: "potato",
    registration: () => Promise.resolve(registration),
    toolsVersion: () => 1,
    random: () => 0.5,
    fetch: (url, init) => {
      const path = new URL(url instanceof Request ? url.url : url).pathname;
      requests.push(`${init?.method} ${path}`);
      if (path === "/register") registered += 1;
      const given = answer(path, registered);
      return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
    },
    sleep: async (ms, signal) => {
      sleeps.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      if (sleeps.length > 20)
        await new Promise((_resolve, reject) => signal.addEventListener("abort", reject));
    },
    onState: (state) => states.push(state),
  });
  return { member, requests, sleeps, states };
}

test("it tries again with growing pauses until the hub is there", async () => {
  const { member, sleeps, states } = membership((path, attempt) =>
    path === "/register" && attempt < 8 ? new Error("ECONNREFUSED") : json(200, welcome),
  );
  expect(await member.first).toMatchObject({ kind: "joined", prefix: "w" });
  expect(sleeps.slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(states[0]).toMatchObject({ kind: "retrying", error: { code: "E_MCP_UNREACHABLE" } });
  await member.leave();
});

test.each([
  [403, "E_REGISTER_FORBIDDEN", /--join-secret/],
  [409, "E_REGISTER_CONFLICT", /taken/],
  [400, "E_REGISTER_INVALID", /taken/],
])("HTTP %i is final", async (status, code, message) => {
  const { member, requests } = membership(() => json(status, { detail: "taken" }));
  const state = await member.first;
  expect(state).toMatchObject({ kind: "refused", error: { code } });
  if (state.kind === "refused") expect(state.error.message).toMatch(message);
  await member.leave();
  expect(requests).toEqual(["POST /register"]);
});

test("a fault of the hub is not final, nor is a lost lease", async () => {
  let lost = false;
  const { member, requests } = membership((path, attempt) => {
    if (path === "/register") return attempt === 1 ? json(503, {}) : json(200, welcome);
    if (path.endsWith("/heartbeat") && !lost) {
      lost = true;
      return json(404, { detail: "register again" });
    }
    return json(200, { status: "success" });
  });
  await member.first;
  while (requests.filter((line) => line === "POST /register").length < 3)
    await new Promise((resolve) => setImmediate(resolve));
  await member.leave();
  await member.leave();
  expect(requests.filter((line) => line.startsWith("DELETE"))).toEqual(["DELETE /register/w"]);
  expect(member.state).toEqual({ kind: "left", wasMember: true });
});

test("every way to write the hub's address is one address", () => {
  for (const tail of ["", "/", "/register", "/register/", "/mcp", "/mcp/"]) {
    expect(hubBase(`http://hub.example:8000${tail}`)).toBe("http://hub.example:8000");
  }
  expect(hubBase("http://0.0.0.0:8000/register")).toBe("http://127.0.0.1:8000");
  expect(hubBase("https://host.example/hub/mcp")).toBe("https://host.example/hub");
  fc.assert(
    fc.property(fc.domain(), fc.constantFrom("", "/register", "/mcp/"), (domain, tail) => {
      expect(hubBase(`https://${domain}/base${tail}`)).toBe(`https://${domain}/base`);
    }),
  );
});
