import { getClusterStatus, getJob, getJobStatus, listJobs, type NomadOptions } from "@parley/nomad";
import { ParleyError } from "@parley/core";
import * as fc from "fast-check";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FakeNomad, fixture, sampleJob, startFakeNomad } from "./_fake-nomad.ts";

let fake: FakeNomad;
beforeAll(async () => {
  fake = await startFakeNomad({ token: "secret-token" });
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.requests.length = 0;
});

const sleep = async (): Promise<void> => {};
const tls = (name: string): string => fileURLToPath(new URL(`./fixtures/tls/${name}.pem`, import.meta.url));

const answering = (text: string) => async () => new Response(text);
const hanging: NomadOptions["fetch"] = async (_url, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")));
  });
const options = () => ({ address: fake.address, token: "secret-token", env: {}, sleep });

async function failure(options: NomadOptions): Promise<ParleyError> {
  try {
    await listJobs({}, { env: {}, sleep, ...options });
  } catch (error) {
    if (ParleyError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("[NMD-11] settings", () => {
  it("reads the environment when the call is made, and options before it", async () => {
    const env: Record<string, string> = { NOMAD_ADDR: "http://127.0.0.1:1" };
    env["NOMAD_ADDR"] = `${fake.address}/`;
    Object.assign(env, {
      NOMAD_TOKEN: "secret-token",
      NOMAD_REGION: "eu",
      NOMAD_NAMESPACE: "development",
      NOMAD_HTTP_AUTH: "ada:pass",
    });
    await listJobs({}, { env });
    await listJobs({ namespace: "*" }, { env, region: "us", token: () => "secret-token" });
    expect(fake.requests).toMatchInlineSnapshot(`
      [
        {
          "method": "GET",
          "path": "/v1/jobs",
          "query": {
            "namespace": "development",
            "per_page": "50",
            "region": "eu",
          },
          "token": "secret-token",
        },
        {
          "method": "GET",
          "path": "/v1/jobs",
          "query": {
            "namespace": "*",
            "per_page": "50",
            "region": "us",
          },
          "token": "secret-token",
        },
      ]
    `);
  });

  it.each([
    [{ address: "ftp://x" }, /neither http, https nor unix/],
    [{ address: "nonsense" }, /is no URL/],
    [{ address: "http://user:pw@host" }, /NOMAD_HTTP_AUTH/],
    [{ address: "unix://relative" }, /without its full path/],
    [{ env: { NOMAD_SKIP_VERIFY: "maybe" } }, /NOMAD_SKIP_VERIFY/],
    [{ token: "two\nlines" }, /NOMAD_TOKEN/],
    [{ address: "https://127.0.0.1:1", tls: { certFile: "/x" } }, /NOMAD_CLIENT_KEY/],
    [{ address: "https://127.0.0.1:1", tls: { caFile: "/no/such" } }, /NOMAD_CACERT/],
    [{ address: "https://127.0.0.1:1", tls: { caPath: "/no/such" } }, /NOMAD_CAPATH/],
  ])("refuses %j", async (options, message) => {
    const error = await failure(options);
    expect(error.code).toBe("E_CONFIG_INVALID");
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/pw|two/);
  });

  it("sends the user and password of NOMAD_HTTP_AUTH to the proxy before Nomad, beside the token", async () => {
    const sent: Record<string, string>[] = [];
    const fetch: NomadOptions["fetch"] = async (_url, { headers }) => {
      sent.push(headers);
      return new Response("[]");
    };
    await listJobs({}, { fetch, env: { NOMAD_HTTP_AUTH: "ada:pass", NOMAD_TOKEN: "t" } });
    const lower = Object.fromEntries(
      Object.entries(sent[0] ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(lower).toMatchObject({ authorization: `Basic ${btoa("ada:pass")}`, "x-nomad-token": "t" });
  });

  it("speaks over a unix socket", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parley-nomad-"));
    const own = await startFakeNomad({ socketPath: join(folder, "api.sock") });
    expect(await listJobs({}, { address: own.address, env: {} })).toEqual({ jobs: [] });
    await own.close();
    await rm(folder, { recursive: true });
  });

  it("speaks TLS with a client certificate, by options and by the environment", async () => {
    const [key, cert, ca] = await Promise.all(
      ["server-key", "server", "ca"].map((name) => readFile(tls(name), "utf8")),
    );
    if (key === undefined || cert === undefined) throw new Error("no certificate");
    const own = await startFakeNomad({
      tls: { key, cert, ...(ca === undefined ? {} : { ca }), requestCert: true, rejectUnauthorized: true },
    });
    const env = {
      NOMAD_ADDR: own.address,
      NOMAD_CACERT: tls("ca"),
      NOMAD_CLIENT_CERT: tls("client"),
      NOMAD_CLIENT_KEY: tls("client-key"),
      NOMAD_TLS_SERVER_NAME: "server.global.nomad",
    };
    expect(await listJobs({}, { env })).toEqual({ jobs: [] });
    const folder = fileURLToPath(new URL("./fixtures/tls", import.meta.url));
    const byFolder = { ...env, NOMAD_CACERT: "", NOMAD_CAPATH: folder };
    expect(await listJobs({}, { env: byFolder })).toEqual({ jobs: [] });
    const skipping = { ...env, NOMAD_CACERT: "", NOMAD_TLS_SERVER_NAME: "", NOMAD_SKIP_VERIFY: "true" };
    expect(await listJobs({}, { env: skipping })).toEqual({ jobs: [] });

    expect((await failure({ env: { ...env, NOMAD_TLS_SERVER_NAME: "" } })).message).toMatch(
      /NOMAD_TLS_SERVER_NAME/,
    );
    expect((await failure({ env: { ...env, NOMAD_CACERT: "" } })).message).toMatch(/NOMAD_CACERT/);
    const bare = { ...env, NOMAD_CLIENT_CERT: "", NOMAD_CLIENT_KEY: "" };
    expect((await failure({ env: bare })).code).toBe("E_ENGINE_UNREACHABLE");
    await own.close();
  });
});

describe("requests that fail", () => {
  const known = { token: "secret-token", env: {} } as const;

  it("are tried a second time when reading, and not when somebody refused", async () => {
    fake.state.faults.push({ status: 500, text: "No cluster leader" });
    expect(await listJobs({}, { ...known, address: fake.address, sleep })).toEqual({ jobs: [] });
    expect(fake.requests).toHaveLength(2);
    fake.requests.length = 0;
    expect((await failure({ address: fake.address, token: "wrong" })).code).toBe("E_ENGINE_FORBIDDEN");
    expect(fake.requests).toHaveLength(1);
  });

  it.each([
    [400, fixture("register-nonjson.txt"), "E_ENGINE_REFUSED", "invalid"],
    [500, fixture("register-bad.txt"), "E_ENGINE_REFUSED", "invalid"],
    [404, fixture("job-missing.txt"), "E_ENGINE_JOB_UNKNOWN", "not_found"],
    [500, 'job "x" not found', "E_ENGINE_JOB_UNKNOWN", "not_found"],
    [404, "node not found", "E_OBJECT_UNKNOWN", "not_found"],
    [404, "", "E_OBJECT_UNKNOWN", "not_found"],
    [401, "", "E_ENGINE_FORBIDDEN", "denied"],
    [403, "Permission denied", "E_ENGINE_FORBIDDEN", "denied"],
    [500, "rpc error: Permission denied", "E_ENGINE_FORBIDDEN", "denied"],
    [409, "{}", "E_OBJECT_CONFLICT", "conflict"],
    [501, "Nomad Enterprise only endpoint", "E_ENGINE_REFUSED", "enterprise"],
    [500, "\u001b[31mstrange\u0000".repeat(100), "E_ENGINE_REFUSED", "invalid"],
  ])("map %i %j", async (status, text, code, kind) => {
    fake.state.faults.push({ status, text });
    const error = await failure({ ...known, address: fake.address });
    expect(error.code).toBe(code);
    expect(error.details).toMatchObject({ kind, status });
    expect(error.message.length).toBeLessThan(2000);
    expect(error.message).not.toContain("secret-token");
  });

  it("bound what is read and say what is no answer", async () => {
    expect((await failure({ fetch: answering("x".repeat(100)), maxBodyBytes: 10 })).message).toMatch(
      /larger than 10/,
    );
    expect((await failure({ fetch: answering("<html>") })).message).toMatch(/no JSON but "<html>"/);
    expect((await failure({ fetch: answering('{"ID":1}') })).code).toBe("E_ENGINE_OUTPUT");
    const late = await failure({ fetch: hanging, timeoutMs: 10 });
    expect([late.code, late.message]).toEqual([
      "E_ENGINE_UNREACHABLE",
      expect.stringContaining("within 10 ms"),
    ]);
    const stopped = listJobs({}, { fetch: hanging, env: {}, signal: AbortSignal.timeout(10) });
    await expect(stopped).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  });

  it("says that nobody listens", async () => {
    const gone = await startFakeNomad();
    await gone.close();
    const error = await failure({ address: gone.address });
    expect(error).toMatchObject({ code: "E_ENGINE_UNREACHABLE", retryable: true });
    expect(error.message).toMatch(/127\.0\.0\.1:\d+: .*ECONNREFUSED.*NOMAD_ADDR/);
  });

  it("reports what is wrong with the namespace and the token", async () => {
    const open = await getClusterStatus({}, { ...known, address: fake.address, namespace: "nowhere" });
    expect(open).toMatchObject({
      leader: "127.0.0.1:14647",
      problems: [expect.stringContaining("NOMAD_NAMESPACE")],
    });
    const denied = getClusterStatus({}, { env: {}, address: fake.address });
    await expect(denied).rejects.toMatchObject({ code: "E_ENGINE_FORBIDDEN" });
  });
});

describe("names", () => {
  it.each([
    "..",
    ".",
    "a/..",
    "a//b",
    "/a",
    "a/",
    "web/evaluate",
    "x/periodic/force",
    "a b",
    "a\nb",
    "\u0000",
    "\ud800",
  ])("refuses the job ID %j without a request", async (job_id) => {
    await expect(getJob({ job_id }, options())).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    expect(fake.requests).toEqual([]);
  });

  it.each([
    "-rf",
    "--purge",
    "$(id)",
    "`id`",
    "it's",
    'a"b',
    "a?purge=true",
    "a#b",
    "a%2F..",
    "a&region=x",
    "żółw",
    "p/dispatch-1-2",
  ])("asks for the job %j and nothing else", async (job_id) => {
    fake.state.jobs.set(`default\n${job_id}`, sampleJob(job_id));
    await getJob({ job_id }, options());
    expect(fake.requests).toEqual([
      { method: "GET", path: `/v1/job/${job_id}`, query: { namespace: "default" }, token: "secret-token" },
    ]);
  });

  it("never lets a name leave its place in the path", async () => {
    const seen: string[] = [];
    const recording: NomadOptions["fetch"] = async (url) => {
      seen.push(url);
      return new Response("job not found", { status: 404 });
    };
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (job_id) => {
        seen.length = 0;
        const error: unknown = await getJobStatus({ job_id }, { fetch: recording, env: {}, sleep }).catch(
          (thrown: unknown) => thrown,
        );
        if (!ParleyError.isInstance(error)) throw new Error("it did not fail");
        expect([error.code, seen.length === 0]).toEqual(
          error.code === "E_ARGUMENT_INVALID"
            ? ["E_ARGUMENT_INVALID", true]
            : ["E_ENGINE_JOB_UNKNOWN", false],
        );
        for (const url of seen) {
          const { pathname, searchParams } = new URL(url);
          const [, , , place = ""] = pathname.split("/");
          expect(decodeURIComponent(place)).toBe(job_id);
          expect([...searchParams.keys()]).toEqual(["namespace"]);
        }
      }),
    );
  });

  it.each(["a b", "../x", "a&b", "*"])("refuses the namespace %j where one is meant", async (namespace) => {
    await expect(getJob({ job_id: "x", namespace }, options())).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
  });
});
