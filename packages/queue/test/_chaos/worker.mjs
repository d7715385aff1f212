// Run as a process: claims and completes through a socket until it is killed. Plain JavaScript, so that it starts fast.
import { appendFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const [, , socket = "", name = "", loops = "1", history = ""] = process.argv;

/** A connection that answers calls in the order of their numbers and fails them all when it is cut. */
async function dial() {
  const link = connect(socket);
  const calls = new Map();
  let last = 0;
  link.on("error", () => {});
  link.on("close", () => {
    for (const { reject } of calls.values()) reject(new Error("cut"));
    calls.clear();
  });
  createInterface({ input: link })
    .on("error", () => {})
    .on("line", (line) => {
      const { n, value, error } = JSON.parse(line);
      const call = calls.get(n);
      calls.delete(n);
      if (error === undefined) call?.resolve(value);
      else call?.reject(new Error(error));
    });
  return (method, ...args) =>
    new Promise((resolve, reject) => {
      if (link.destroyed) {
        reject(new Error("cut"));
        return;
      }
      last += 1;
      calls.set(last, { resolve, reject });
      link.write(`${JSON.stringify({ n: last, method, args })}\n`);
    });
}

/** Works on one task; now and then it fails, renews, or is slow. */
async function work(call, lease) {
  const luck = Math.random();
  await sleep(luck * 8);
  if (luck < 0.05) await call("fail", lease, { class: "retryable", message: "bad luck", feedback: name });
  else {
    if (luck > 0.9) await call("heartbeat", lease, { by: name });
    const outcome = await call("complete", lease, { worker: name, attempt: lease.attempt });
    if (outcome.ok)
      appendFileSync(history, `${JSON.stringify({ id: lease.id, worker: name, attempt: lease.attempt })}\n`);
  }
}

async function loop() {
  for (;;) {
    const call = await dial();
    try {
      for (;;) {
        const [lease] = await call("claim", { worker: name }, { waitMs: 100 });
        if (lease) await work(call, { id: lease.id, token: lease.token, attempt: lease.attempt });
      }
    } catch {
      await sleep(50);
    }
  }
}

await Promise.all(Array.from({ length: Number(loops) }, loop));
