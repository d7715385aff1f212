import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getDatabase } from "@parley/databases";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scratch, sqliteMissing } from "./_stores.ts";

const program = fileURLToPath(new URL("./_increment.ts", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));

async function increment(uri: string, times: number): Promise<void> {
  const flags = ["--conditions=@parley/source", "--import", "tsx", program, uri, String(times)];
  const child = spawn(process.execPath, flags, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint += String(chunk)));
  const [status] = await once(child, "exit");
  expect(complaint).toBe("");
  expect(status).toBe(0);
}

async function raceTwo(uri: string): Promise<{ counter: unknown; numbers: number[] }> {
  await Promise.all([increment(uri, 200), increment(uri, 200)]);
  const database = await getDatabase(uri);
  const counter = await database.get("counters", "n");
  const numbers = (await database.read("log")).map(({ seq }) => seq);
  await database.close();
  return { counter, numbers };
}

const everyIncrement = {
  counter: { id: "n", value: 400, version: 400 },
  numbers: Array.from({ length: 40 }, (_, index) => index + 1),
};

let directory: string;
let remove: () => Promise<void>;
beforeEach(async () => ({ directory, remove } = await scratch()));
afterEach(async () => await remove());

it("loses no write of two processes in a JSON store", async () => {
  expect(await raceTwo(`json://${directory}`)).toEqual(everyIncrement);
});

const missing = await sqliteMissing();
it.skipIf(missing !== undefined)(`loses no write of two processes in SQLite ${missing ?? ""}`, async () => {
  expect(await raceTwo(`sqlite://${join(directory, "parley.db")}`)).toEqual(everyIncrement);
});
