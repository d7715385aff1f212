import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { AfterTurn } from "@parley/core";

test("work waits until the turn is over, and is done in order", async () => {
  const done: number[] = [];
  const after = new AfterTurn<number>((item) => done.push(item));
  after.add(1);
  await Promise.resolve();
  after.add(2);
  expect(done).toEqual([]);
  await nextTurn();
  expect(done).toEqual([1, 2]);
  after.add(3);
  await nextTurn();
  expect(done).toEqual([1, 2, 3]);
});

test("a flush does at once what waits, and nothing twice", async () => {
  const done: number[] = [];
  const after = new AfterTurn<number>((item) => done.push(item));
  after.add(1);
  after.flush();
  expect(done).toEqual([1]);
  after.add(2);
  await nextTurn();
  expect(done).toEqual([1, 2]);
});

test("what is added by the work itself comes a turn later", async () => {
  const done: number[] = [];
  const after: AfterTurn<number> = new AfterTurn((item) => {
    done.push(item);
    if (item < 3) after.add(item + 1);
  });
  after.add(1);
  await nextTurn();
  await nextTurn();
  await nextTurn();
  expect(done).toEqual([1, 2, 3]);
});
