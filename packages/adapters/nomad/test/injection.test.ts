import { createNomad, memoryConfigs, toolsets } from "@parley/nomad";
import { createRegistry, errorOf, toolContext } from "@parley/tool-registry";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";
import { serveNomad } from "./_serve.ts";

let fake: FakeNomad;
beforeEach(async () => {
  fake = await startFakeNomad();
});
afterEach(() => fake.close());

const nasty = [
  `a"b'c`,
  "a\nX-Nomad-Token: stolen",
  "a\r\n\r\nDELETE /v1/job/web HTTP/1.1",
  "../web",
  "a/../../../v1/system/gc",
  "..",
  "$(touch /tmp/pwned)",
  "`id`",
  "--purge",
  "-x",
  "a;b|c&d",
  "web?purge=true",
  "web#x",
  "web%2F..%2Fother",
  "web/evaluate",
  "a\u0000b",
  "\u202Egnp",
  "{{env}}",
  "${NOMAD_TOKEN}",
];

async function call(tool: string, args: object) {
  const nomad = createNomad({
    address: fake.address,
    env: {},
    toolsets,
    configs: memoryConfigs(),
    sleep: async () => {},
  });
  const registry = createRegistry();
  registry.replace(nomad.origin, nomad);
  const result = await registry.call(tool, args, toolContext());
  await nomad.close();
  return result;
}

/** Requests that may change something, by method and decoded path. */
const changes = () =>
  fake.requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);

describe.each(nasty)("[NMD-07] %j", (text) => {
  test("as a job's id is that job or nothing", async () => {
    await fetch(`${fake.address}/v1/jobs`, {
      method: "POST",
      body: JSON.stringify({ Job: sampleJob("web") }),
    });
    fake.requests.length = 0;
    for (const [tool, args] of [
      ["stop_job", { purge: true, confirm: true }],
      ["force_evaluate_job", {}],
      ["scale_job", { count: 0, confirm: true }],
      ["get_job_logs", {}],
    ] as const) {
      const result = await call(tool, { job_id: text, ...args });
      expect(result.isError).toBe(true);
      expect(["E_ARGUMENT_INVALID", "E_ENGINE_JOB_UNKNOWN", "E_OBJECT_UNKNOWN"]).toContain(
        errorOf(result)?.code,
      );
    }
    for (const { path, token } of fake.requests) {
      expect(path === `/v1/job/${text}` || path.startsWith(`/v1/job/${text}/`)).toBe(true);
      expect(token).toBeUndefined();
    }
    expect(fake.state.jobs.get("default\nweb").Stop).toBeFalsy();
    expect(fake.state.jobs.size).toBe(1);
  });

  test("as a namespace is refused before anything is asked", async () => {
    for (const tool of ["list_jobs", "get_job_status", "stop_job"]) {
      const result = await call(tool, {
        ...(tool === "list_jobs" ? {} : { job_id: "web" }),
        namespace: text,
      });
      // Letters, digits and dashes are a name, and a leading dash is one of them.
      if (/^[A-Za-z0-9-]+$/.test(text)) continue;
      expect(errorOf(result)?.code).toBe("E_ARGUMENT_INVALID");
      expect(fake.requests).toEqual([]);
    }
  });

  test("in the short form of a job stays one value", async () => {
    const spec = {
      name: "safe",
      type: "batch",
      driver: "raw_exec",
      command: text,
      args: [text],
      env: { A: text },
    };
    const result = await call("create_job", { spec });
    const [stored] = [...fake.state.jobs.values()];
    if (result.isError !== true) {
      const [task] = stored.TaskGroups[0].Tasks;
      expect(task.Config).toMatchObject({ command: text, args: [text] });
      expect(task.Env).toEqual({ A: text });
    }
    expect(fake.state.jobs.size).toBe(result.isError === true ? 0 : 1);
    expect(
      changes().every((each) => /^(?:POST|PUT) \/v1\/(?:jobs|job\/safe\/plan|validate\/job)$/.test(each)),
    ).toBe(true);
  });

  test("as the value of an HCL variable reaches Nomad as JSON, and the text as it is", async () => {
    const content = `variable "name" {}\njob "hello" { meta { x = "${text.replaceAll(/["\\\p{Cc}]/gu, "")}" } }`;
    await call("submit_job_file", { content, variables: { name: text }, dry_run: true });
    const parse = fake.requests.find(({ path }) => path === "/v1/jobs/parse");
    expect(parse?.body).toMatchObject({ JobHCL: content.trim(), Variables: JSON.stringify({ name: text }) });
  });

  test("as a meta label or variable path changes nothing else", async () => {
    await call("create_namespace", { name: "fresh", meta: { owner: text } });
    expect(fake.state.namespaces.at(-1)).toMatchObject({ Name: "fresh", Meta: { owner: text } });
    fake.requests.length = 0;
    const wrote = await call("write_variable", { path: text, items: { a: "1" } });
    const paths = changes().map((each) => each.replace(/^PUT \/v1\/var\//, ""));
    expect(paths.filter((path) => path !== text)).toEqual([]);
    expect(wrote.isError === true).toBe(paths.length === 0);
  });

  test("in the path of the REST face is a job's id, encoded, or nothing", async () => {
    const { ask } = await serveNomad({ address: fake.address });
    const { status } = await ask(`/api/jobs/${encodeURIComponent(text)}/stop`, {
      method: "POST",
      body: "{}",
    });
    expect([400, 404]).toContain(status);
    expect(changes()).toEqual([]);
  });
});
