import { expect, test } from "vitest";
import { isAlive, start, stdio, until } from "./_gateway.ts";

test("[GTW-130] a call that does no harm twice survives the death of its program, whenever that comes", async () => {
  const { post, gateway } = await start({ servers: [stdio("raw")] });
  const pids = new Set<unknown>();
  for (let round = 0; round < 4; round += 1) {
    const { status, json: pid } = await post("/raw/pid");
    expect(status).toBe(200);
    pids.add(pid);
    process.kill(Number(pid), "SIGKILL");
    // Nobody has noticed yet: the next call goes to a program that is gone.
    expect((await post("/raw/pid")).status).toBe(200);
  }
  expect(pids.size).toBe(4);
  const running = Array.from({ length: 5 }, () => post("/raw/pid"));
  const dying = post("/raw/die");
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect((await dying).status).toBe(502);
  await gateway.close();
  await until(() => expect([...pids].filter(isAlive)).toEqual([]));
}, 60_000);
