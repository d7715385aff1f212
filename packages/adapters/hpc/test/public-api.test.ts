import * as api from "@parley/hpc";
import { createRegistry, loadPrompt, loadTool } from "@parley/tool-registry";
import { createHpc, defaultToolsets, hpcOperations, hpcPersonas } from "@parley/hpc";
import { expect, it } from "vitest";

const cwd = import.meta.dirname;
const functions = Object.entries(api).filter(([, value]) => typeof value === "function" && "entry" in value);

it("exports what it promises", () => {
  const others = Object.keys(api).filter((name) => !functions.some(([known]) => known === name));
  expect(others.toSorted()).toMatchInlineSnapshot(`
    [
      "createHpc",
      "defaultToolsets",
      "hpcOperations",
      "hpcPersonas",
      "kubernetesEvents",
      "openCall",
      "toolsets",
      "validateDockerfile",
      "validateManifest",
    ]
  `);
});

it("[HPC-09] exports each tool and prompt as a function of its name", () => {
  const names = [...hpcOperations, ...hpcPersonas].map(({ name }) => name);
  expect(functions.map(([name]) => name).toSorted()).toEqual(names.toSorted());
});

it("[HPC-09] loads each tool and prompt by its name, with its scope, annotations and shapes", async () => {
  for (const entry of hpcOperations) {
    const tool = await loadTool(`@parley/hpc#${entry.name}`, { cwd });
    const { name, scope, annotations } = entry;
    expect(tool).toMatchObject({ name, scope, annotations, outputSchema: { type: "object" } });
  }
  for (const { name } of hpcPersonas) {
    const prompt = await loadPrompt(`@parley/hpc#${name}`, { cwd });
    expect(prompt).toMatchObject({ name, description: expect.any(String) });
  }
});

it("[HPC-09] hands the options of a single tool on", async () => {
  const tool = await loadTool("@parley/hpc#filesystem_read_file", { cwd, options: { roots: [cwd] } });
  const registry = createRegistry();
  registry.replace("test", { tools: [tool] });
  const { toolContext } = await import("@parley/tool-registry");
  const result = await registry.call("filesystem_read_file", { path: "page.ts" }, toolContext());
  expect(result.isError ?? false).toBe(false);
});

it("[HPC-10] serves about ten tools unless asked for more", () => {
  const { tools } = createHpc();
  expect(tools.length).toBeLessThanOrEqual(12);
  expect(new Set(tools.flatMap(({ tags = [] }) => tags))).toEqual(new Set(defaultToolsets));
  expect(createHpc({ tools: ["slurm_queue", "spack_find"] }).tools.map(({ name }) => name)).toEqual([
    "slurm_queue",
    "spack_find",
  ]);
  expect(() => createHpc({ tools: ["slurm_queu"] })).toThrow(
    /There is no tool slurm_queu; there are slurm_submit_job/,
  );
});
