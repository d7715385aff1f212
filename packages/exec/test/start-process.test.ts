import { once } from "node:events";
import { text } from "node:stream/consumers";
import { startProcess } from "@parley/exec";
import { expect, onTestFinished, test } from "vitest";

const node = (script: string): string[] => [process.execPath, "-e", script];

test("a program is talked to, and ends with its input", async () => {
  const running = startProcess(["cat"]);
  running.stdin.write("ążś");
  const said = text(running.stdout);
  expect(await running.stop()).toEqual({ exitCode: 0, signal: undefined });
  expect(await said).toBe("ążś");
  expect(await running.ended).toEqual(await running.stop());
});

test("what it wrote before its end is read", async () => {
  const running = startProcess(node("process.stdout.write('x'.repeat(200_000), () => process.exit(3))"));
  const said = text(running.stdout);
  expect(await running.ended).toMatchObject({ exitCode: 3 });
  expect(await said).toHaveLength(200_000);
});

test("one that takes neither the end of its input nor SIGTERM is killed", async () => {
  const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.stdout.write('up')";
  const running = startProcess(node(script), { graceMs: 100 });
  onTestFinished(async () => void (await running.stop()));
  await once(running.stdout, "data");
  expect(await running.stop()).toEqual({ exitCode: undefined, signal: "SIGKILL" });
});

test("one that cannot be started says so, and may be stopped", async () => {
  const running = startProcess(["no-such-program"]);
  expect(await running.ended).toMatchObject({ error: { code: "ENOENT" } });
  expect(await running.stop()).toMatchObject({ error: { code: "ENOENT" } });
});

test("a hook at the end of this process stays only while a program runs", async () => {
  const before = process.listenerCount("exit");
  const running = startProcess(["cat"]);
  expect(process.listenerCount("exit")).toBe(before + 1);
  await running.stop();
  expect(process.listenerCount("exit")).toBe(before);
});
