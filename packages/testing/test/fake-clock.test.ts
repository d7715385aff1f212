import { fakeClock } from "@parley/testing";
import { expect, test } from "vitest";

test("stands still until it is moved, backwards too", () => {
  const clock = fakeClock(1000);
  expect(clock.now()).toBe(1000);
  clock.advance(500);
  expect(clock.now()).toBe(1500);
  clock.setTime(10);
  expect(clock.now()).toBe(10);
});

test("ends sleeps when they are due, earliest first", async () => {
  const clock = fakeClock(0);
  const woken: string[] = [];
  const sleeps = [
    clock.sleep(200).then(() => woken.push("late")),
    clock.sleep(100).then(() => woken.push("early")),
    clock.sleep(0).then(() => woken.push("now")),
  ];
  await sleeps[2];
  expect(woken).toEqual(["now"]);
  clock.advance(99);
  await Promise.resolve();
  expect(woken).toEqual(["now"]);
  clock.advance(101);
  await Promise.all(sleeps);
  expect(woken).toEqual(["now", "early", "late"]);
});

test("an abort ends a sleep, before and while it lasts", async () => {
  const clock = fakeClock();
  await expect(clock.sleep(5, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
  const controller = new AbortController();
  const sleep = clock.sleep(5, controller.signal);
  controller.abort(new Error("while"));
  await expect(sleep).rejects.toThrow("while");
  clock.advance(10);
});
