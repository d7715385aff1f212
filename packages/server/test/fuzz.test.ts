import { expect, onTestFinished, test } from "vitest";
import { breakHttp, fuzz } from "./_fuzz/run.ts";
import { openTarget } from "./_fuzz/target.ts";

async function target(guarded: boolean) {
  const opened = await openTarget({ guarded });
  onTestFinished(() => opened.close());
  return opened;
}

test("[ROB-01] every way of breaking HTTP is answered with a client's fault or a closed connection", async () => {
  expect(await breakHttp(await target(false))).toEqual([]);
}, 60_000);

test("[ROB-02] no request of either era brings a server down or makes it call a client's fault its own", async () => {
  await fuzz({ target: await target(false), requests: 600 });
}, 120_000);

test("[ROB-02] nor does one without the token that is asked for", async () => {
  await fuzz({ target: await target(true), requests: 150 });
}, 60_000);
