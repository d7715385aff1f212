import { expect } from "vitest";
import { readSettings } from "@parley/mcpserver";
import { callTool } from "../harness/clients.ts";
import { startHub, startWorker } from "../harness/nodes.ts";
import { answers, startStranger } from "../harness/workers.ts";
import { verifies } from "../verifies.ts";

verifies(["STAT-01"], "fleet status keeps manifests as they are, apostrophes included", async () => {
  const hub = await startHub();
  const manifest = { storage: { home: { mount: "/home/o'brien", note: `"quoted" and {'not': 'python'}` } } };
  await startStranger(hub, "odd", [
    answers("get_status", () => ({ worker_id: "odd", timestamp: 1, manifest })),
  ]);
  const worker = await startWorker(hub, "w", { mock: "hpc", label: ["gpu=h100", "site=llnl"] });
  const status = (await callTool(hub, "get_fleet_status")).value;
  expect(status.odd).toMatchObject({ online: true, status: { manifest } });
  expect(status.w).toMatchObject({
    online: true,
    url: worker.url,
    labels: { gpu: "h100", site: "llnl" },
    status: { worker_id: "w" },
  });
  await expect(readSettings({ flags: { label: ["gpu"] }, env: {} })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("key=value"),
  });
});
