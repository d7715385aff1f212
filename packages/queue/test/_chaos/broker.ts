import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { createQueue } from "@parley/queue";
import { z } from "zod";

/** Run as a process: owns a queue and serves it on a socket, one JSON call a line. */
const [, , path = "", socket = ""] = process.argv;
const queue = await createQueue({
  path,
  ownerWaitMs: 20_000,
  leaseMs: 250,
  sweepMs: 50,
  maxAttempts: 1000,
  maxCrashes: 100_000,
  backoff: { baseMs: 5, capMs: 50 },
});
const Call = z.object({
  n: z.int(),
  method: z.enum(["submit", "claim", "heartbeat", "complete", "fail", "stats"]),
  args: z.array(z.any()),
});

await rm(socket, { force: true });
async function answer(line: string): Promise<object> {
  const { n, method, args } = Call.parse(JSON.parse(line));
  const call = queue[method] as (...args: unknown[]) => Promise<unknown>;
  try {
    return { n, value: await call(...args) };
  } catch (error) {
    return { n, error: String(error) };
  }
}

createServer((link) => {
  link.on("error", () => {});
  const lines = createInterface({ input: link }).on("error", () => {});
  lines.on("line", (line) => {
    void answer(line).then((reply) => link.destroyed || link.write(`${JSON.stringify(reply)}\n`));
  });
}).listen(socket, () => process.stdout.write("ready\n"));
