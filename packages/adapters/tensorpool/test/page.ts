import { createMemoryDatabase } from "@parley/databases";
import { createTensorPool, toolsets } from "@parley/tensorpool";
import type { AdapterExample, AdapterPage } from "@parley/testing";
import { createRegistry, toolContext } from "@parley/tool-registry";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goodKey, startFakeEngine } from "./_fake-engine.ts";

/** The time the examples are of: pages must come out the same every day. */
const now = Date.parse("2026-11-20T10:00:00Z");

/** Calls in the order of a session with the stand-in engine. */
const calls: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ["account_me", {}],
  ["instance_types", { filter: "8xH", hours: 2 }],
  ["cluster_create", { instance_type: "8xH100", name: "train", lease_hours: 2 }],
  ["cluster_create", { instance_type: "8xH100", num_nodes: 4 }],
  ["cluster_list", {}],
  ["job_write_config", { workdir: ".", commands: ["python train.py"], filename: "train.tp.toml" }],
  ["job_push", { config_path: "train.tp.toml", cluster_id: "c-0001" }],
  ["job_info", { job_id: "j-0003" }],
  ["job_listen", { job_id: "j-0003", max_lines: 3 }],
  ["job_pull", { job_id: "j-0003" }],
  ["lease_list", {}],
  ["cluster_destroy", { cluster_id: "c-0001" }],
];

/** The adapter's page in docs/reference/adapters. */
export const page: AdapterPage = {
  title: "TensorPool",
  program: "parley-tensorpool",
  create: () => createTensorPool({ toolsets, env: {} }),
  errors: [
    "E_ARGUMENT_INVALID",
    "E_CONFIG_INVALID",
    "E_CONFIRM_REQUIRED",
    "E_ENGINE_FORBIDDEN",
    "E_ENGINE_OUTPUT",
    "E_ENGINE_REFUSED",
    "E_ENGINE_UNREACHABLE",
    "E_EXEC_FAILED",
    "E_EXEC_NOT_FOUND",
    "E_EXEC_OUTPUT_LIMIT",
    "E_EXEC_TIMEOUT",
    "E_EXEC_USAGE",
    "E_INTERRUPTED",
    "E_OBJECT_CONFLICT",
    "E_OBJECT_UNKNOWN",
    "E_RATE_LIMITED",
  ],
  async examples() {
    const engine = await startFakeEngine();
    const folder = await mkdtemp(join(tmpdir(), "parley-tensorpool-page-"));
    const toolkit = createTensorPool({
      toolsets,
      backend: "http",
      engine: engine.address,
      key: goodKey,
      workdir: folder,
      database: createMemoryDatabase(),
      prices: { H100: 2.5, H200: 3.5 },
      limits: { maxGpus: 16 },
      env: {},
      now: () => now,
      sleep: async () => {},
      newId: () => "00000000-0000-4000-8000-000000000000",
      schedule: () => () => {},
    });
    const registry = createRegistry();
    registry.replace(toolkit.origin, toolkit);
    const examples: AdapterExample[] = [];
    for (const [tool, args] of calls) {
      const result = await registry.call(tool, args, toolContext());
      examples.push({ tool, args, result: placed(result, folder) });
    }
    await toolkit.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
    return examples;
  },
};

/** The folder of a run is another one every time. */
function placed<Result>(result: Result, folder: string): Result {
  const text = JSON.stringify(result).replaceAll(folder, "/srv/project");
  return JSON.parse(text);
}
