import { createNomad, type NomadToolkitOptions } from "@parley/nomad";
import { createRegistry, toolContext } from "@parley/tool-registry";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";

/** The rows of the table in README.md: each symptom must come from its cause. */
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

let fake: FakeNomad;
beforeEach(async () => {
  fake = await startFakeNomad({ token: "good" });
});
afterEach(() => fake.close());

async function said(tool: string, args: object = {}, more: NomadToolkitOptions = {}): Promise<unknown> {
  const nomad = createNomad({
    address: fake.address,
    token: "good",
    env: {},
    sleep: async () => {},
    toolsets: ["jobs", "logs", "configs", "cluster"],
    ...more,
  });
  const registry = createRegistry();
  registry.replace(nomad.origin, nomad);
  const { content } = await registry.call(tool, args, toolContext());
  await nomad.close();
  return content[0]?.["text"];
}

const rows: [symptom: string, cause: () => Promise<unknown>][] = [
  ["no connection to", async () => said("get_cluster_status", {}, { address: "http://127.0.0.1:9" })],
  [
    "Set NOMAD_TOKEN",
    async () => (fake.state.faults.push({ status: 401, text: "" }), said("get_cluster_status")),
  ],
  ["Permission denied", async () => said("list_jobs", {}, { token: undefined })],
  ["ACL token not found", async () => said("list_jobs", {}, { token: "old" })],
  [
    "write https:// in NOMAD_ADDR",
    async () => {
      fake.state.faults.push({ status: 400, text: "Client sent an HTTP request to an HTTPS server.\n" });
      return said("list_jobs");
    },
  ],
  [
    "write http:// in NOMAD_ADDR",
    async () => said("list_jobs", {}, { address: fake.address.replace("http:", "https:") }),
  ],
  ["No leader is elected", async () => ((fake.state.leader = ""), said("get_cluster_status"))],
  [
    "is not among those the token can see",
    async () => said("get_cluster_status", {}, { namespace: "nowhere" }),
  ],
  ["job not found", async () => said("get_job_status", { job_id: "web" })],
  [
    "found no node",
    async () => {
      const job = sampleJob("big", 0);
      job.TaskGroups[0].Tasks[0].Resources.MemoryMB = 900_000;
      await said("submit_job_file", { content: JSON.stringify(job) });
      return said("get_job_evaluations", { job_id: "big" });
    },
  ],
  [
    "Nothing was written",
    async () => {
      await said("submit_job_file", { content: JSON.stringify(sampleJob("web")) });
      return said("get_job_logs", { job_id: "web", type: "stderr" });
    },
  ],
  ["confirm: true", async () => said("stop_job", { job_id: "web", purge: true })],
  ["NOMAD_CONFIG_DIR", async () => said("list_configs")],
];

describe("troubleshooting", () => {
  it.each(rows)("%s", async (symptom, cause) => {
    expect(await cause()).toContain(symptom);
    expect(readme).toContain(`\`${symptom}\``);
  });

  it("has a test for every row", () => {
    const table = readme.slice(readme.indexOf("## Troubleshooting"), readme.indexOf("## Errors"));
    const symptoms = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, symptom]) => symptom);
    expect(symptoms).toEqual(rows.map(([symptom]) => symptom));
  });
});
