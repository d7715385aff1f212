import { expect, test } from "vitest";
import { entry, start } from "./_gateway.ts";
import { mirror } from "./_mirror.ts";

test("[GTW-08] a caller's headers are sent on, and no caller shares another's session", async () => {
  const { url, seen } = await mirror();
  const raw = {
    type: "http",
    url,
    headers: { Authorization: "Bearer of-the-entry" },
    client_header_forwarding: {
      enabled: true,
      whitelist: ["X-User-*", "X-Token"],
      blacklist: ["x-user-secret"],
      rename: { "x-token": "authorization" },
    },
  };
  const { post } = await start({ servers: [entry("m", raw)] });
  const call = (headers: Record<string, string>) => post("/m/show", {}, headers);
  await call({ "x-user-id": "ada", "x-user-secret": "no", "x-other": "no", "x-token": "Bearer ada" });
  await call({ "x-user-id": "bob" });
  await call({ "x-user-id": "ada", "x-token": "Bearer ada" });
  await call({});
  const shown = seen.map(({ headers }) => [headers["x-user-id"], headers["authorization"]]);
  expect(shown).toEqual([
    ["ada", "Bearer ada"],
    ["bob", "Bearer of-the-entry"],
    ["ada", "Bearer ada"],
    [undefined, "Bearer of-the-entry"],
  ]);
  expect(
    seen.flatMap(({ headers }) => Object.keys(headers)).filter((name) => /secret|other/.test(name)),
  ).toEqual([]);
  const [ada, bob, again, shared] = seen.map(({ session }) => session);
  expect(again).toBe(ada);
  expect(new Set([ada, bob, shared]).size).toBe(3);
});

test("[GTW-08] a key of the gateway never travels on", async () => {
  const { url, seen } = await mirror();
  const raw = { type: "http", url, client_header_forwarding: { enabled: true } };
  const keys = [{ name: "k", key: "of-the-gateway", servers: [], tools: [] }];
  const { post } = await start({ servers: [entry("m", raw)], keys });
  await post(
    "/m/show",
    {},
    { authorization: "Bearer of-the-gateway", "x-a": "1", cookie: "c=1", host: "127.0.0.1" },
  );
  expect(seen[0]?.headers).toMatchObject({ "x-a": "1" });
  expect(JSON.stringify(seen)).not.toMatch(/of-the-gateway|c=1/);
  const open = await start({ servers: [entry("m", raw)] });
  await open.post("/m/show", {}, { authorization: "Bearer of-the-caller" });
  expect(seen[1]?.headers["authorization"]).toBe("Bearer of-the-caller");
});
