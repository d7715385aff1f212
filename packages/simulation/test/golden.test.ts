import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { digest } from "@parley/core";
import { createSimulatedSite, drawCluster } from "@parley/simulation";
import { fakeClock } from "@parley/testing";
import { expect, test } from "vitest";

const goldenFile = new URL("fixtures/truth-10-hpc.json", import.meta.url);
const printer = fileURLToPath(new URL("print-truth.ts", import.meta.url));

test("worker 10 as hpc has the recorded truth, byte for byte", async () => {
  const site = await createSimulatedSite({ workerId: "10", archetype: "hpc", clock: fakeClock() });
  const text = `${JSON.stringify(await site.truth(), undefined, 2)}\n`;
  expect(text).toBe(await readFile(goldenFile, "utf8"));
});

test("another process draws the same bytes", async () => {
  const args = ["--import", "tsx", "--conditions=@parley/source", printer];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 });
  expect(stdout).toBe(await readFile(goldenFile, "utf8"));
}, 30_000);

test("stated digests of models hold on every machine", () => {
  const digests = ["10", "a", "worker-1", "n_781e903e4f10", "Z.z-9_"].map((id) =>
    digest(drawCluster(id)).slice(0, 12),
  );
  expect(digests).toMatchInlineSnapshot(`
    [
      "257b5600534f",
      "d8e0eed950aa",
      "b2fa86cf670c",
      "952fbf57900f",
      "5d62d4ee2824",
    ]
  `);
});

test("software of one site is the same each time it is drawn", async () => {
  const digests = await Promise.all(
    ["7", "8", "9"].map(async (workerId) =>
      digest((await (await createSimulatedSite({ workerId })).truth()).truth).slice(0, 12),
    ),
  );
  expect(digests).toMatchInlineSnapshot(`
    [
      "fa5091d3a395",
      "500bf5c418dc",
      "439b7be37b84",
    ]
  `);
});
