import { createNomad, memoryConfigs, toolsets } from "@parley/nomad";
import type { AdapterExample, AdapterPage } from "@parley/testing";
import { createRegistry, toolContext } from "@parley/tool-registry";
import { sampleJob, startFakeNomad } from "./_fake-nomad.ts";

/** The time the examples are of: pages must come out the same every day. */
const now = Date.parse("2026-11-20T10:00:00Z");

const big = sampleJob("big", 0);
big.TaskGroups[0].Tasks[0].Resources.MemoryMB = 900_000;

/** Calls in the order of a session; what they answer is from recordings of Nomad 1.0.18. */
const calls: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ["submit_job_file", { content: JSON.stringify({ Job: sampleJob("web") }) }],
  ["plan_job", { content: JSON.stringify({ Job: big }) }],
  [
    "create_job",
    { spec: { name: "bad", type: "batch", driver: "raw_exec", command: "/bin/sh", args: ["-c", "exit 9"] } },
  ],
  ["list_jobs", { namespace: "*" }],
  ["get_job_status", { job_id: "bad" }],
  ["get_allocation_status", { job_id: "web" }],
  ["get_job_logs", { job_id: "web" }],
  ["stop_job", { job_id: "web", purge: true }],
  ["get_job_evaluations", { job_id: "bad" }],
  ["wait_for_job", { job_id: "bad" }],
  ["force_evaluate_job", { job_id: "web" }],
  ["list_nodes", {}],
  ["get_cluster_status", {}],
];

/** The adapter's page in docs/reference/adapters. */
export const page: AdapterPage = {
  title: "Nomad",
  program: "parley-nomad",
  create: () => createNomad({ toolsets, env: {} }),
  errors: [
    "E_ARGUMENT_INVALID",
    "E_CONFIG_INVALID",
    "E_CONFIRM_REQUIRED",
    "E_ENGINE_FORBIDDEN",
    "E_ENGINE_JOB_UNKNOWN",
    "E_ENGINE_OUTPUT",
    "E_ENGINE_REFUSED",
    "E_ENGINE_UNREACHABLE",
    "E_INTERRUPTED",
    "E_OBJECT_CONFLICT",
    "E_OBJECT_UNKNOWN",
  ],
  async examples() {
    const fake = await startFakeNomad();
    const { address } = fake;
    const configs = memoryConfigs();
    const nomad = createNomad({ toolsets, env: {}, address, configs, now: () => now, sleep: async () => {} });
    const registry = createRegistry();
    registry.replace(nomad.origin, nomad);
    const examples: AdapterExample[] = [];
    for (const [tool, args] of calls) {
      const result = await registry.call(tool, args, toolContext());
      examples.push({ tool, args: brief(args), result });
    }
    await nomad.close();
    await fake.close();
    return examples;
  },
};

/** A job file is too long for a page. */
function brief(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { content } = args;
  return typeof content === "string" ? { ...args, content: `${content.slice(0, 60)} ...` } : args;
}
