import { createQueue } from "@parley/queue";

/** Run as a process: owns a queue, submits for ever, and prints every answer once it has it. */
const [, , path = ""] = process.argv;
const queue = await createQueue({ path, ownerWaitMs: 0 });
for (let n = 0; ; n += 1) {
  const outcome = await queue.submit({ payload: n });
  if (outcome.ok) process.stdout.write(`${outcome.id}\n`);
}
