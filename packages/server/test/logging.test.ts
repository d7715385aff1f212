import { createServer } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function logOf(level: string): Promise<readonly Record<string, unknown>[]> {
  const lines: string[] = [];
  const logger = pino({ level }, { write: (line: string) => lines.push(line) });
  const server = createServer({ name: "test", version: "1.0.0", registry: createRegistry(), logger });
  open.push(server);
  server.app.get("/broken", () => {
    throw new Error("the disk is gone");
  });
  await server.app.inject("/health");
  await server.app.inject("/broken");
  return lines.map((line) => JSON.parse(line));
}

describe("[ROB-10] what a server logs", () => {
  test("faults alone at the level warn", async () => {
    const lines = await logOf("warn");
    expect(lines).toMatchObject([{ level: 50, err: { message: "the disk is gone" } }]);
  });

  test("nothing of its own", async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on("warning", note);
    await logOf("warn");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  test("requests too at the level info", async () => {
    const urls = (await logOf("info")).map(({ req }) => req);
    expect(urls).toContainEqual(expect.objectContaining({ url: "/health" }));
  });
});
