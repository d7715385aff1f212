import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { warmServers } from "@parley/gateway";
import type { Warmed } from "@parley/gateway";
import { expect, onTestFinished, test } from "vitest";
import { entry, isAlive, start, stdio, until } from "./_gateway.ts";

const rawServer = new URL("fixtures/raw-server.mjs", import.meta.url).pathname;

/** A program that answers nothing for a while, as npx does while it downloads. */
const late = (ms: number, more = {}) =>
  entry("late", {
    command: process.execPath,
    args: ["-e", `setTimeout(() => import(process.argv[1]), ${ms})`, rawServer],
    ...more,
  });

const surroundings = { version: "1", env: {} };

test("[GTW-111] a program is shown as installing until it answers, and a call waits for it", async () => {
  const { get, post, gateway } = await start({ servers: [late(1500)] }, { isSettled: false });
  expect((await get("/servers")).at("servers", 0)).toMatchObject({
    state: "installing",
    reason: expect.stringContaining("may be downloaded"),
  });
  expect((await get("/health")).at("servers", "late")).toBe("installing");
  expect((await get("/openapi.json")).text).toContain("(installing)");
  expect(await post("/late/echo", { text: "there" })).toMatchObject({ status: 200, text: '"there"' });
  expect(gateway.servers[0]).toMatchObject({ state: "ready" });
  expect(gateway.servers[0]).not.toHaveProperty("reason");
});

test("[GTW-111] the time of a start is its own, and over it the program is ended", async () => {
  const { gateway } = await start({ servers: [stdio("mute", ["mute"], { startTimeout: 0.5 })] });
  expect(gateway.servers[0]).toMatchObject({
    state: "unreachable",
    reason: expect.stringMatching(
      /^\S+ started and says nothing: .*"startTimeout".* did not answer the handshake within/,
    ),
  });
  const patient = await start({ servers: [late(800, { timeout: 0.5 })] });
  expect(patient.gateway.servers[0]?.state).toBe("ready");
});

test("[GTW-110] each program is started once, listed and ended; what fails says why", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parley-warm-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const pids = join(folder, "pids");
  const counted = entry("counted", {
    command: process.execPath,
    args: [
      "-e",
      `require("fs").appendFileSync(${JSON.stringify(pids)}, process.pid + "\\n"); import(process.argv[1])`,
      rawServer,
    ],
  });
  const events: string[] = [];
  const warmed = await warmServers(
    [
      counted,
      stdio("mute", ["mute"], { startTimeout: 0.5 }),
      entry("gone", { command: "uvx-of-nobody" }),
      entry("off", { command: "x", enabled: false }),
      entry("far", { url: "http://127.0.0.1:9/mcp" }),
    ],
    {
      ...surroundings,
      onStart: ({ name }) => events.push(`start ${name}`),
      onEnd: ({ name, state }) => events.push(`${state} ${name}`),
    },
  );
  const short = ({ name, state, tools }: Warmed) => [name, state, tools];
  expect(warmed.map(short)).toEqual([
    ["counted", "ready", 10],
    ["mute", "failed", 0],
    ["gone", "failed", 0],
    ["off", "skipped", 0],
    ["far", "skipped", 0],
  ]);
  expect(warmed[2]?.reason).toMatch(/^uvx-of-nobody is missing/);
  expect(events.toSorted()).toEqual([
    "failed gone",
    "failed mute",
    "ready counted",
    "start counted",
    "start gone",
    "start mute",
  ]);
  const [pid, ...more] = readFileSync(pids, "utf8").trim().split("\n");
  expect(more).toEqual([]);
  await until(() => expect(isAlive(pid)).toBe(false));
});

test("[GTW-110] whoever interrupts it leaves no program behind", async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const warming = warmServers([late(60_000), stdio("mute", ["mute"])], {
    ...surroundings,
    signal,
    concurrency: 1,
  });
  setTimeout(() => stop.abort(), 200);
  expect((await warming).map(({ state }) => state)).toEqual(["failed", "failed"]);
});
