import {
  countResources, createFlux, explainJobspec, normaliseJobspec, submitJob, transformJobspec, validateBatchJobspec, validateJobspec,
} from "@parley/flux"; // prettier-ignore
import type { CallOptions } from "@parley/flux";
import { toolContext } from "@parley/tool-registry";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fakeFlux } from "./_fake-flux.ts";
import type { FakeFlux } from "./_fake-flux.ts";

const on = (world: FakeFlux): CallOptions => ({ run: world.run, env: { PATH: "/usr/bin" } });
const slot = { type: "slot", count: 2, label: "task", with: [{ type: "core", count: 4 }, { type: "gpu", count: 2 }] }; // prettier-ignore
const jobspec = {
  version: 1,
  resources: [{ type: "node", count: 2, with: [slot] }],
  tasks: [{ command: ["hostname"], slot: "task", count: { per_slot: 1 } }],
  attributes: { system: { duration: 3600 } },
};
const content = JSON.stringify(jobspec);
const yaml = "version: 1\nresources:\n  - type: slot\n    count: 1\n    label: task\n    with:\n      - type: core\n        count: 2\ntasks:\n  - command: [hostname]\n    slot: task\n    count: {per_slot: 1}\nattributes:\n  system:\n    duration: 60\n"; // prettier-ignore
const script = "#!/bin/sh\n#flux: -N2\n#flux: -n4\n#flux: -c2\n#flux: -t 30m\nflux run hostname\n";

describe("[FLX-17] validation", () => {
  test("of jobspecs, JSON or YAML, and of batch scripts", async () => {
    expect(await validateJobspec({ content })).toMatchObject({ valid: true, errors: [], kind: "jobspec", jobspec, checked_by: ["parley"] });
    expect(await validateJobspec({ content: yaml })).toMatchObject({ valid: true, kind: "jobspec" });
    expect(await validateJobspec({ content: script })).toMatchObject({ valid: true, errors: [], kind: "batch", jobspec: script });
  }); // prettier-ignore

  test.each([
    ["nothing", "", /empty/],
    ["spaces", " \n ", /empty/],
    ["directives without the colon", "#!/bin/sh\n#FLUX -N2\nhostname\n", /line 2: .*colon/],
    ["no shebang", "#flux: -N2\nhostname\n", /begins with #!/],
    [
      "a directive there is not",
      "#!/bin/sh\n#flux: -N1\n#flux: --frobnicate=3\nhostname\n",
      /line 3: .*frobnicate/,
    ],
    ["a jobspec without resources", '{"version": 1, "tasks": []}', /resources/],
    ["a count of nothing", content.replace('"count":2', '"count":0'), /count/],
    ["a slot nobody has", content.replace('"slot":"task"', '"slot":"other"'), /slot|other/],
    ["broken JSON", '{"version": 1,', /\S/],
    ["broken YAML", "version: 1\nresources: [\n", /\S/],
    ["quotes that stay open", '#!/bin/sh\n#flux: -N1 --job-name="x\n', /line 2.*quote/i],
  ])("says what is wrong with %s", async (_title, bad, words) => {
    const { valid, errors } = await validateJobspec({ content: bad });
    expect(valid).toBe(false);
    expect(errors.join("\n")).toMatch(words);
  });

  test("notes what Flux does not take though RFC 14 allows it", async () => {
    const { valid, warnings } = await validateJobspec({
      content: content.replace('"version":1', '"version":99'),
    });
    expect([valid, warnings[0]]).toEqual([true, expect.stringContaining("version 1 alone")]);
  });

  test("says more when Flux itself is asked, and asks nothing otherwise", async () => {
    const world = fakeFlux();
    expect(await validateJobspec({ content, ask: "flux" }, on(world))).toMatchObject({ valid: true, checked_by: ["parley", "flux"] });
    const large = content.replace('"type":"node","count":2', '"type":"node","count":9');
    const infeasible = await validateJobspec({ content: large, ask: "feasibility" }, on(world));
    expect(infeasible).toMatchObject({ valid: false, errors: [expect.stringMatching(/Flux says: .*only 4 eligible/)] });
    expect(await validateJobspec({ content: script, ask: "flux" }, on(world))).toMatchObject({ valid: true });
    const calls = world.calls.length;
    await validateJobspec({ content: "", ask: "flux" }, on(world));
    await validateJobspec({ content }, on(world));
    expect(world.calls).toHaveLength(calls);
  }); // prettier-ignore

  test("takes whatever flux_submit_job makes", async () => {
    const world = fakeFlux();
    await submitJob({ command: ["a", "$(b)"], name: "x;y", duration: "90s", label_io: true, output: "o", rlimits: { nofile: 100 } }, on(world));
    expect(await validateJobspec({ content: world.jobs[0]?.raw ?? "" })).toMatchObject({ valid: true, errors: [], warnings: [] });
  }); // prettier-ignore

  test("ends for any text, with an answer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.string().map((text) => `#!/bin/sh\n#flux: ${text}`)), async (text) => {
        const { valid, errors } = await validateJobspec({ content: text });
        expect(valid).toBe(errors.length === 0);
        await countResources({ content: text });
      }),
      { numRuns: 200 },
    );
  }); // prettier-ignore
});

describe("[FLX-17] counting, explaining, normalising", () => {
  test("counts down the tree and over its branches, and a batch script too", async () => {
    expect(await countResources({ content })).toEqual({ valid: true, errors: [], counts: { node: 2, slot: 4, core: 16, gpu: 8 } });
    const twice = JSON.stringify({ ...jobspec, resources: [{ ...slot, count: 1 }, { type: "core", count: 3 }] });
    expect((await countResources({ content: twice })).counts).toEqual({ slot: 1, core: 7, gpu: 2 });
    expect((await countResources({ content: script })).counts).toEqual({ node: 2, slot: 4, core: 8 });
    expect(await countResources({ content: "{}" })).toMatchObject({ valid: false, counts: {} });
    expect(await countResources({ content: "" })).toMatchObject({ valid: false, counts: {} });
  }); // prettier-ignore

  test("says in words what is asked for", async () => {
    const said = await explainJobspec({ content });
    expect(said.counts).toMatchObject({ node: 2, core: 16, gpu: 8 });
    expect(said.summary).toMatch(/2 nodes/);
    expect((await explainJobspec({ content: script })).summary).toMatch(/2 nodes/);
    await expect(explainJobspec({ content: "[]" })).rejects.toMatchObject({ code: "E_JOBSPEC_INVALID" });
  });

  test("normalises to the same however it is spelt", async () => {
    const { jobspec: once } = await normaliseJobspec({ jobspec });
    const backwards = Object.fromEntries(Object.entries(jobspec).toReversed());
    expect(JSON.stringify((await normaliseJobspec({ jobspec: backwards })).jobspec)).toBe(
      JSON.stringify(once),
    );
    expect((await normaliseJobspec({ jobspec: JSON.stringify(once) })).jobspec).toEqual(once);
  });

  test("judges batch directives alone on request", async () => {
    expect(await validateBatchJobspec({ content: script })).toMatchObject({ valid: true, kind: "batch" });
    expect(await validateBatchJobspec({ content })).toMatchObject({ valid: false, kind: "batch" });
  });
});

describe("[FLX-18] transform_jobspec", () => {
  const sbatch =
    "#!/bin/bash\n#SBATCH --nodes=2\n#SBATCH --ntasks=4\n#SBATCH --time=2-12\n#SBATCH --licenses=matlab:1\nsrun hostname\n";

  test("turns Slurm into Flux, and reports what had no counterpart", async () => {
    const made = await transformJobspec({ batch_job: sbatch, to_format: "flux" });
    expect(made).toMatchObject({ status: "SUCCESS", error: null, from_format: "slurm", to_format: "flux" });
    expect(made.jobspec).toContain("#flux:");
    expect(made.report.map(({ directive }) => directive).join(" ")).toMatch(/licenses/);
    expect(await validateJobspec({ content: made.jobspec ?? "" })).toMatchObject({ valid: true, errors: [] });
  });

  test.each(["slurm", "pbs", "lsf", "moab", "oar", "cobalt", "kubernetes", "FLUX-JOBSPEC"])("knows %s", async (to_format) => {
    const made = await transformJobspec({ batch_job: script, to_format, from_format: "flux" });
    expect(made).toMatchObject({ status: "SUCCESS", error: null });
    expect(made.jobspec?.length).toBeGreaterThan(20);
  }); // prettier-ignore

  test("fails in the form of its answer, and says so to the client", async () => {
    const tool = createFlux().tools.find(({ name }) => name === "transform_jobspec");
    expect(await tool?.call({ batch_job: "", to_format: "flux" }, toolContext())).toMatchObject({
      isError: true,
      structuredContent: { status: "FAILURE", jobspec: null },
    });
    expect(await transformJobspec({ batch_job: sbatch, to_format: "sge" })).toMatchObject({ status: "FAILURE", jobspec: null, error: expect.stringContaining("flux-jobspec") });
    expect(await transformJobspec({ batch_job: sbatch, to_format: "flux", from_format: "x" })).toMatchObject({ status: "FAILURE" });
    expect(await transformJobspec({ batch_job: "", to_format: "flux" })).toMatchObject({ status: "FAILURE", error: expect.stringMatching(/\S/) });
  }); // prettier-ignore
});
