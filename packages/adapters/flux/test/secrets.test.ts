import {
  createFlux,
  getJobEvents,
  getJobInfo,
  handleDelegation,
  submitBatch,
  submitJob,
  submitJobspec,
} from "@parley/flux";
import type { CallOptions } from "@parley/flux";
import { createRegistry, toolContext } from "@parley/tool-registry";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fakeFlux } from "./_fake-flux.ts";
import type { FakeFlux } from "./_fake-flux.ts";

const secret = "wJalrXUtnFEMI-K7MDENG";
const env = {
  PATH: "/usr/bin",
  HOME: "/home/user",
  LANG: "C",
  FLUX_URI: "local:///run/flux/local",
  MODULEPATH: "/opt/modules",
  AWS_SECRET_ACCESS_KEY: secret,
  HF_TOKEN: secret,
  DATABASE_URL: `postgres://me:${secret}@db/x`,
};
const on = (world: FakeFlux, more: CallOptions = {}): CallOptions => ({ run: world.run, env, ...more });
const environmentOf = (world: FakeFlux): unknown => world.jobs.at(-1)?.jobspec.attributes.system.environment;

describe("[FLX-04] the environment of a job", () => {
  test("is PATH, HOME, USER and LANG, what the operator passes on, and what the caller names", async () => {
    const world = fakeFlux();
    await submitJob({ command: ["true"], environment: { OMP_NUM_THREADS: "4" } }, on(world, { passEnvironment: ["MODULEPATH"] }));
    expect(environmentOf(world)).toEqual({
      PATH: "/usr/bin", HOME: "/home/user", LANG: "C", MODULEPATH: "/opt/modules", OMP_NUM_THREADS: "4",
    });
  }); // prettier-ignore

  test("holds nothing of the server's by way of a batch script", async () => {
    const world = fakeFlux();
    await submitBatch({ script: "#!/bin/sh\n#flux: -N1\n#flux: --env=MINE=1\n" }, on(world));
    expect(environmentOf(world)).toEqual({ PATH: "/usr/bin", HOME: "/home/user", LANG: "C", MINE: "1" });
    for (const { options } of world.calls) expect(JSON.stringify(options?.env)).not.toContain(secret);
    expect(JSON.stringify(world.jobs)).not.toContain(secret);
  });

  test.each([
    { HF_TOKEN: "x" }, { AWS_SECRET_ACCESS_KEY: "x" }, { apiKey: "x" }, { DB_PASSWORD: "x" }, { API_KEY: "x" },
    { SSH_KEY: "x" }, { MY_PAT: "x" }, { URL: "https://me:pw1234@host/x" }, { AUTH: "Bearer abcdef123456" },
    { HARMLESS: "ghp_0123456789abcdef0123" }, { X: "-----BEGIN PRIVATE KEY-----\nabc" }, { Y: "AKIA0123456789ABCDEF" },
  ])("takes no secret: %j", async (environment) => {
    const world = fakeFlux();
    const refused = { code: "E_ARGUMENT_INVALID", message: expect.stringContaining("looks like a secret") };
    const given: Record<string, string> = Object.fromEntries(Object.entries(environment));
    await expect(submitJob({ command: ["true"], environment: given }, on(world))).rejects.toMatchObject(refused);
    await expect(submitJob({ command: ["true"], env_expand: given }, on(world))).rejects.toMatchObject(refused);
    const jobspec = {
      version: 1,
      resources: [{ type: "slot", count: 1, label: "task", with: [{ type: "core", count: 1 }] }],
      tasks: [{ command: ["true"], slot: "task", count: { per_slot: 1 } }],
      attributes: { system: { duration: 1, environment: given } },
    };
    await expect(submitJobspec({ jobspec }, on(world))).rejects.toMatchObject(refused);
    await expect(handleDelegation({ jobspec_str: jobspec, remote_uri: "local:///x" }, on(world))).rejects.toMatchObject(refused);
    const [[name, value] = ["", ""]] = Object.entries(given);
    const script = `#!/bin/sh\n#flux: -N1\n#flux: --env=${name}=${value.replaceAll(/\s/g, "")}\n`;
    if (!/\s/.test(value)) await expect(submitBatch({ script }, on(world))).rejects.toMatchObject(refused);
    expect(world.jobs).toEqual([]);
    const said: unknown = await submitJob({ command: ["true"], environment: given }, on(world)).catch(String);
    if (value.length > 3) expect(said).not.toContain(value);
  }); // prettier-ignore

  test.each([
    { HF_TOKEN_FILE: "/home/user/token" }, { TOKENIZERS_PARALLELISM: "false" }, { MONKEY: "1" }, { KEYBOARD: "us" },
    { SSH_AUTH_SOCK: "/tmp/x" }, { OMP_NUM_THREADS: "8" }, { PASSES: "3" }, { PYTHONPATH: "/a:/b" },
  ])("takes what is none: %j", async (environment) => {
    const world = fakeFlux();
    await submitJob({ command: ["true"], environment: Object.fromEntries(Object.entries(environment)) }, on(world));
    expect(environmentOf(world)).toMatchObject(environment);
  }); // prettier-ignore

  test("takes no variable that is none", async () => {
    for (const name of ["A B", "", "1X", "X=Y", "é", "A-B"]) {
      await expect(
        submitJob({ command: ["true"], environment: { [name]: "x" } }, on(fakeFlux())),
      ).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    }
  });

  test("is not given a secret by the operator's own list either", async () => {
    await expect(submitJob({ command: ["true"] }, on(fakeFlux(), { passEnvironment: ["HF_TOKEN"] }))).rejects.toMatchObject(
      { code: "E_CONFIG_INVALID" },
    ); // prettier-ignore
  });

  test("any other variable of the server's stays where it is", async () => {
    const names = fc.stringMatching(/^[A-Z][A-Z_]{0,20}$/).filter((name) => !["PATH", "HOME", "USER", "LANG"].includes(name));
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const world = fakeFlux();
        await submitJob({ command: ["true"] }, { run: world.run, env: { PATH: "/bin", [name]: "marker-9" } });
        expect(JSON.stringify(world.jobs)).not.toContain("marker-9");
      }),
      { numRuns: 50 },
    );
  }); // prettier-ignore
});

describe("[FLX-05] what is answered", () => {
  test("hides secrets that a job submitted elsewhere carries", async () => {
    const world = fakeFlux();
    await submitJob({ command: ["tool", "--token", "abcd1234", "plain"] }, on(world));
    const [job] = world.jobs;
    const other = JSON.parse(job?.raw ?? "");
    other.attributes.system.environment = { HF_TOKEN: secret, DATABASE_URL: env.DATABASE_URL, PATH: "/usr/bin" };
    Object.assign(job ?? {}, { raw: JSON.stringify(other) });
    const info = await getJobInfo({ job_id: "fX2", include: ["jobspec", "original_jobspec"] }, on(world));
    expect(JSON.stringify(info)).not.toContain(secret);
    expect(info.jobspec).toMatchObject({ attributes: { system: { environment: { HF_TOKEN: "[redacted]", PATH: "/usr/bin" } } } });
    expect(JSON.stringify(await getJobEvents({ job_id: "fX2" }, on(world)))).not.toContain("s3cret");
  }); // prettier-ignore

  test("cuts what is too long", async () => {
    const world = fakeFlux();
    await submitJob({ command: ["true", "x".repeat(100_000)] }, on(world));
    const info = await getJobInfo({ job_id: "fX2", include: ["jobspec"] }, on(world));
    expect(JSON.stringify(info).length).toBeLessThan(10_000);
    expect(JSON.stringify(info)).toContain("more characters");
  });

  test("holds no secret of the server when anything fails", async () => {
    const world = fakeFlux();
    const toolkit = createFlux({ run: world.run, env, toolsets: ["jobs", "site", "translate"] });
    const registry = createRegistry();
    registry.replace(toolkit.origin, { tools: toolkit.tools, prompts: toolkit.prompts });
    for (const { name } of toolkit.tools) {
      const result = await registry.call(
        name,
        { job_id: "fzzz", command: ["x"], queue: "nope" },
        toolContext(),
      );
      expect(JSON.stringify(result)).not.toContain(secret);
    }
  });
});
