import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ParleyError } from "@parley/core";
import { createFakeHub, dispatched, failure, job, recordedNegotiation, selected } from "./_fake-hub.ts";
import { run } from "./_run.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "resource-ask-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const gone = (): never => {
  throw new ParleyError("E_MCP_UNREACHABLE", "Cannot reach hub:8000.");
};

const refused = (code: string) =>
  dispatched({
    receipt: {
      status: "FAILED",
      job_id: null,
      reasoning: "no",
      error: { code, message: "invalid account" },
    },
    job: job("FAILED"),
  });

const chunks = () => {
  const texts = ["a\nb", "", "c\n"];
  return () => ({ text: texts.shift() ?? "", cursor: "1", complete: texts.length === 0 });
};

function hubOf(more: Parameters<typeof createFakeHub>[0] = {}) {
  return createFakeHub({
    satisfy_job: () => recordedNegotiation(),
    get_negotiation: () => recordedNegotiation(),
    select_worker: () => selected,
    dispatch_job: () => dispatched(),
    job_status: () => job("COMPLETED", { exitCode: 0 }),
    job_logs: () => ({ text: "", cursor: "0", complete: true }),
    ...more,
  });
}

describe("satisfy", () => {
  it("shows a row for each site, what was understood, and the next command", async () => {
    const ran = await run(["satisfy", "LAMMPS", "on 2 nodes"], { hub: hubOf() });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("Understood: Run lammps on 2 nodes.");
    expect(ran.out).toMatch(/^10 +READY +8s +3\.68 USD +needs 2 whole nodes/m);
    expect(ran.out).toMatch(/^11 +INCOMPATIBLE +- +- +needs lammps: not found in pip/m);
    expect(ran.err).toContain("Next: resource-ask select --negotiation neg_");
  });

  it("sends words, fields and filters as the hub's tool takes them", async () => {
    const hub = hubOf();
    const argv = ["satisfy", "--nodes", "2-4", "-", "--worker", "a", "--worker", "b", "--label", "site=x"];
    const ran = await run(argv, { hub, readInput: async () => "  run hostname\n" });
    expect(ran.code).toBe(0);
    expect(hub.calls[0]?.args).toEqual({
      prompt: "run hostname",
      requirements: { compute: { nodes: { min: 2, max: 4 } } },
      workers: ["a", "b"],
      labels: { site: "x" },
    });
    expect(hub.closed).toBe(1);
  });

  it("prints one JSON document and nothing else, with the facts a later selection needs", async () => {
    const hub = hubOf();
    const ran = await run(["--json", "satisfy", "LAMMPS"], { hub });
    expect(JSON.parse(ran.out).proposals["10"].data.structured.facts.schema).toBe("facts/1");
    expect(hub.calls.at(-1)).toEqual({
      tool: "get_negotiation",
      args: { negotiation_id: recordedNegotiation()["negotiation_id"], full: true },
    });
  });

  it("shows the gate's verdict and the claim it overrules, errors as rows, and what was not understood", async () => {
    const negotiation = recordedNegotiation();
    Object.assign(negotiation.proposals, {
      liar: {
        ...negotiation.proposals["10"],
        gate: { verdict: "RESTRICTED", agrees: false, reasons: ["no account was named"] },
      },
      slow: { type: "error", code: "E_MCP_TIMEOUT", message: "no answer in 10 s" },
      bare: { type: "manifest_only", reasoning: "it has no secretary", data: "{}" },
      old: { type: "agentic_proposal", data: { proposal: 'READY? ```json\n{"verdict":"BUSY"}\n```' } },
      odd: { type: "agentic_proposal", data: { proposal: "READY", structured: { verdict: "YES" } } },
    });
    Object.assign(Object(negotiation["requirements"]), { unresolved: ["a purple unicorn"] });
    const ran = await run(["satisfy", "x"], { hub: hubOf({ satisfy_job: () => negotiation }) });
    expect(ran.out).toMatch(/^liar +RESTRICTED \(claims READY\) +- +- +no account was named/m);
    expect(ran.out).toMatch(/^slow +ERROR +- +- +E_MCP_TIMEOUT: no answer in 10 s/m);
    expect(ran.out).toMatch(/^bare +UNKNOWN +- +- +it has no secretary/m);
    expect(ran.out).toMatch(/^old +BUSY/m);
    expect(ran.out).toMatch(/^odd +ERROR +- +- +its structured answer cannot be read at verdict/m);
    expect(ran.out).toContain('Not understood: "a purple unicorn"');
  });

  it("keeps escape sequences, line breaks and floods of remote text off the terminal", async () => {
    const negotiation = recordedNegotiation();
    const message = `\u001B]0;owned\u0007\u001B[2J\u202Egnp.\r\nREADY ${"x".repeat(5000)}`;
    negotiation.proposals = { "evil\u001B[31m": { type: "error", code: "E_X", message } };
    const ran = await run(["satisfy", "x"], { hub: hubOf({ satisfy_job: () => negotiation }) });
    expect(ran.code).toBe(3);
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(ran.out).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
    expect(ran.out.length).toBeLessThan(2000);
  });

  it("ends with 3 when no site can, or when there is none", async () => {
    const negotiation = recordedNegotiation();
    delete negotiation.proposals["10"];
    const none = await run(["satisfy", "x"], { hub: hubOf({ satisfy_job: () => negotiation }) });
    expect(none.code).toBe(3);
    const empty = await run(["satisfy", "x"], {
      hub: hubOf({
        satisfy_job: () => ({
          content: [],
          structuredContent: { error: "No workers registered in fleet." },
          isError: true,
        }),
      }),
    });
    expect(empty).toMatchObject({
      code: 3,
      out: "",
      err: "error: No worker has joined this hub: there is nobody to ask.",
    });
  });

  it("is what the seed's own names for it mean", async () => {
    for (const name of ["negotiate_work", "secretary_ask", "negotiate_job"]) {
      const hub = hubOf();
      expect((await run([name, "x"], { hub })).code).toBe(0);
      expect(hub.calls.map(({ tool }) => tool)).toEqual(["satisfy_job"]);
    }
  });

  it("reports a hub that refuses, in one sentence or one JSON object", async () => {
    const hub = hubOf({ satisfy_job: () => failure("E_AUTH_FORBIDDEN", "This token may not negotiate.") });
    expect(await run(["satisfy", "x"], { hub })).toMatchObject({
      code: 4,
      err: "error: This token may not negotiate.",
    });
    const json = await run(["satisfy", "x", "--json"], { hub });
    expect(JSON.parse(json.err).error).toMatchObject({ code: "E_AUTH_FORBIDDEN" });
    expect(json.out).toBe("");
  });

  it("refuses answers that are no hub's", async () => {
    const ran = await run(["satisfy", "x"], { hub: hubOf({ satisfy_job: () => ({ hello: 1 }) }) });
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("satisfy_job cannot be read at negotiation_id");
  });
});

describe("the way to the hub", () => {
  it("takes address and token from flags over variables over defaults", async () => {
    const file = join(directory, "token");
    await writeFile(file, "from-file\n");
    const cases = [
      { argv: [], env: {}, want: { url: "http://localhost:8000/mcp", token: undefined } },
      { argv: [], env: { MCPSERVER_URL: "http://a:1/mcp" }, want: { url: "http://a:1/mcp" } },
      {
        argv: [],
        env: { MCPSERVER_URL: "http://a:1", RESOURCE_ASK_URL: "http://b:2" },
        want: { url: "http://b:2/mcp" },
      },
      {
        argv: ["--url", "http://c:3/x"],
        env: { RESOURCE_ASK_URL: "http://b:2" },
        want: { url: "http://c:3/x" },
      },
      { argv: [], env: { MCPSERVER_TOKEN: "t" }, want: { token: "t" } },
      { argv: ["--token-file", file], env: { MCPSERVER_TOKEN: "t" }, want: { token: "from-file" } },
      { argv: ["--token", "flag"], env: { MCPSERVER_TOKEN_FILE: file }, want: { token: "flag" } },
    ];
    for (const { argv, env, want } of cases) {
      for (const line of [
        [...argv, "satisfy", "x"],
        ["satisfy", "x", ...argv],
      ]) {
        const hub = hubOf();
        await run(line, { hub, env });
        expect(hub.connections[0]).toMatchObject(want);
      }
    }
  });

  it("names the file it cannot read", async () => {
    const ran = await run(["satisfy", "x", "--token-file", join(directory, "none")], { hub: hubOf() });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("--token-file");
  });

  it("ends with 5 when --timeout runs out", async () => {
    const hub = hubOf({
      satisfy_job: (_args, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new ParleyError("E_INTERRUPTED", "Interrupted.")));
        }),
    });
    const ran = await run(["satisfy", "x", "--timeout", "1"], { hub });
    expect(ran).toMatchObject({ code: 5, err: "error: The command took longer than 1 s (--timeout)." });
  });
});

describe("select", () => {
  it("ranks with contributions and says how to go on", async () => {
    const hub = hubOf();
    const ran = await run(["select", "--negotiation", "neg_1", "--select", "soonest", "--seed", "s"], {
      hub,
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("Selected 10.");
    expect(ran.out).toMatch(/^1 +10 +READY +0\.940 +wait 0\.450 \(0\.90 x 0\.50\)/m);
    expect(ran.err).toContain("Next: resource-ask dispatch 10 --negotiation neg_1");
    expect(hub.calls).toEqual([
      { tool: "select_worker", args: { negotiation_id: "neg_1", strategies: ["soonest"], seed: "s" } },
    ]);
  });

  it("asks first when given words, and explains every clause", async () => {
    const hub = hubOf();
    const ran = await run(["select", "LAMMPS", "--explain"], { hub });
    expect(hub.calls.map(({ tool }) => tool)).toEqual(["satisfy_job", "select_worker"]);
    expect(ran.out).toMatch(/unmet +software\.0: needs lammps: not found in pip/);
  });

  it("knows a wrong strategy before anybody is asked", async () => {
    const hub = hubOf();
    const ran = await run(["select", "x", "--select", "sonest"], { hub });
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain("Did you mean soonest?");
    expect(hub.calls).toEqual([]);
  });

  it("ends with 3 when nobody can be selected", async () => {
    const none = { ...selected, worker_id: null, status: "REJECTED", reasoning: "No site can take the job." };
    const ran = await run(["select", "--negotiation", "n"], { hub: hubOf({ select_worker: () => none }) });
    expect(ran.code).toBe(3);
    expect(ran.out).toContain("No site selected. No site can take the job.");
    expect(ran.err).not.toContain("Next:");
  });

  it("runs a strategy of the caller's own here, on the full negotiation", async () => {
    const file = join(directory, "mine.ts");
    await writeFile(
      file,
      `import { defineStrategy } from "@parley/selection";
       export const last = defineStrategy({
         name: "last", description: "The last one.",
         rank: (entries: readonly { workerId: string }[]) =>
           entries.toReversed().map(({ workerId }) => ({ workerId, reason: "it is last" })),
       });
       export const other = 1;`,
    );
    const hub = hubOf();
    const ran = await run(["select", "x", "--select", `${file}#last`], { hub });
    expect(ran.err).not.toContain("error");
    expect(ran.out).toContain("it is last");
    expect(hub.calls.map(({ tool }) => tool)).toEqual(["satisfy_job", "get_negotiation"]);
    const wrong = await run(["select", "x", "--select", `${file}#other`], { hub });
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain("it exports last");
  });
});

describe("negotiate", () => {
  it("asks, chooses, dispatches and shows the receipt", async () => {
    const hub = hubOf();
    const ran = await run(["negotiate", "LAMMPS"], { hub });
    expect(ran.code).toBe(0);
    const id = recordedNegotiation()["negotiation_id"];
    expect(hub.calls.map(({ tool }) => tool)).toEqual(["satisfy_job", "select_worker", "dispatch_job"]);
    expect(hub.calls[2]?.args).toEqual({
      worker_id: "10",
      negotiation_id: id,
      idempotency_key: `${String(id)}/10`,
    });
    expect(ran.out).toMatch(
      /^Worker +10\nJob +4711\nHub job +job_1\nCommand +lmp -in 'in file\.lj'\nStatus +SUCCESS/m,
    );
    expect(ran.err).toContain("Next: resource-ask wait job_1");
  });

  it("follows the job, streams its output and ends with its exit code", async () => {
    const states = ["QUEUED", "ACTIVE", "ACTIVE"];
    const chunks = ["one\ntw", "o\n\u001B[31mthree\u001B[0m"];
    const hub = hubOf({
      job_status: () => {
        const state = states.shift();
        return state === undefined
          ? job("FAILED", { exitCode: 7, reason: "ended with status 7" })
          : job(state);
      },
      job_logs: () => ({ text: chunks.shift() ?? "", cursor: "1", complete: false }),
    });
    const ran = await run(["negotiate", "LAMMPS", "--wait", "--propagate"], { hub });
    expect(ran.code).toBe(7);
    expect(ran.out.endsWith("\none\ntwo\nthree")).toBe(true);
    expect(ran.err).toContain(
      "Job job_1 is QUEUED\nJob job_1 is ACTIVE\nJob job_1 is FAILED with exit code 7: ended with status 7",
    );
    expect(ran.err).toContain("standard error: resource-ask logs job_1 --stderr");
  });

  it("puts everything into one document under --json", async () => {
    const ran = await run(["negotiate", "LAMMPS", "--wait", "--json", "--quiet"], { hub: hubOf() });
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(Object.keys(JSON.parse(ran.out))).toEqual(["negotiation", "selection", "dispatch", "job"]);
  });

  it("ends with 3 and each site's reason, once, when nobody can", async () => {
    const none = { ...selected, worker_id: null, status: "REJECTED", reasoning: "nobody" };
    const hub = hubOf({ select_worker: () => none });
    const ran = await run(["negotiate", "x"], { hub });
    expect(ran.code).toBe(3);
    expect(ran.out).toMatch(/^11 +INCOMPATIBLE +- +- +needs lammps: not found in pip/m);
    expect(ran.err).toContain("No site can take the job. Change the request; --explain shows");
    expect(ran.err).not.toContain("lammps");
    const json = await run(["negotiate", "x", "--json"], { hub });
    expect(json.code).toBe(3);
    expect(JSON.parse(json.out).selection.worker_id).toBeNull();
  });

  it("stops before dispatch with --dry-run", async () => {
    const hub = hubOf();
    const ran = await run(["negotiate", "x", "--dry-run"], { hub });
    expect(ran.code).toBe(0);
    expect(hub.calls.map(({ tool }) => tool)).not.toContain("dispatch_job");
    expect(ran.err).toContain("Nothing was sent. Next: resource-ask dispatch 10");
  });

  it("asks a person first with --ask, and only where there is one", async () => {
    const asked: string[] = [];
    const confirm = (answer: boolean) => async (question: string) => {
      asked.push(question);
      return answer;
    };
    const hub = hubOf();
    const no = await run(["negotiate", "x", "--ask"], { hub, terminal: true, confirm: confirm(false) });
    expect(no.code).toBe(1);
    expect(hub.calls.map(({ tool }) => tool)).not.toContain("dispatch_job");
    const yes = await run(["negotiate", "x", "--ask"], { hub, terminal: true, confirm: confirm(true) });
    expect(yes.code).toBe(0);
    expect(asked).toEqual(["Send the job to 10?", "Send the job to 10?"]);
    const blind = hubOf();
    const ran = await run(["negotiate", "x", "--ask"], { hub: blind });
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(blind.calls).toEqual([]);
  });

  it("says how to repeat a dispatch whose answer was lost", async () => {
    const ran = await run(["negotiate", "x"], { hub: hubOf({ dispatch_job: gone }) });
    expect(ran.code).toBe(4);
    expect(ran.err).toMatch(
      /Whether the job was sent is not known.*--idempotency-key neg_\w+\/10 runs it only once/,
    );
  });

  it("names the job when the hub goes away after dispatch", async () => {
    const ran = await run(["negotiate", "x", "--wait", "--url", "http://h:1/mcp"], {
      hub: hubOf({ job_status: gone }),
    });
    expect(ran.code).toBe(4);
    expect(ran.err).toContain(
      'Job job_1 goes on: look it up with "resource-ask status job_1 --url http://h:1/mcp"',
    );
  });

  it("waits out a short outage", async () => {
    let looks = 0;
    const hub = hubOf({ job_status: () => ((looks += 1) < 4 ? gone() : job("COMPLETED")) });
    expect((await run(["negotiate", "x", "--wait"], { hub })).code).toBe(0);
  });

  it("says on an interrupt that the job goes on and how to end it", async () => {
    const stop = new AbortController();
    const hub = hubOf({
      job_status: () => {
        stop.abort();
        return job("ACTIVE");
      },
    });
    const ran = await run(["negotiate", "x", "--wait"], { hub, signal: stop.signal });
    expect(ran.code).toBe(130);
    expect(ran.err).toContain(
      'Job job_1 goes on: look it up with "resource-ask status job_1", end it with "resource-ask cancel job_1".',
    );
  });

  it("ends as the site's refusal says", async () => {
    for (const [code, exit] of [
      ["E_DISPATCH_REFUSED", 3],
      ["NOT_OURS", 1],
    ] as const) {
      const answer = { content: [], structuredContent: refused(code), isError: true };
      const ran = await run(["negotiate", "x", "--wait"], { hub: hubOf({ dispatch_job: () => answer }) });
      expect(ran.code).toBe(exit);
      expect(ran.out).toContain(`Error      ${code}: invalid account`);
      expect(ran.err).not.toContain("Next:");
    }
  });

  it("goes on without output when the site has none to give", async () => {
    const hub = hubOf({ job_logs: () => failure("E_ENGINE_OUTPUT", "no log was kept") });
    const ran = await run(["negotiate", "x", "--wait"], { hub });
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("The output cannot be read: no log was kept");
  });

  it("asks for no output with --no-logs", async () => {
    const hub = hubOf();
    await run(["negotiate", "x", "--wait", "--no-logs"], { hub });
    expect(hub.calls.map(({ tool }) => tool)).not.toContain("job_logs");
  });
});

describe("dispatch", () => {
  it("sends words or flags to the named site under a key of its own", async () => {
    const hub = hubOf();
    const ran = await run(["dispatch", "perlmutter", "--command", "hostname -f", "--nodes", "1"], { hub });
    expect(ran.code).toBe(0);
    expect(hub.calls[0]?.args).toMatchObject({
      worker_id: "perlmutter",
      requirements: { compute: { nodes: { min: 1, max: 1 } }, execution: { command: "hostname -f" } },
      idempotency_key: expect.stringMatching(/^key_/),
    });
  });

  it("needs a request", async () => {
    const hub = hubOf();
    expect((await run(["dispatch", "w"], { hub })).code).toBe(2);
    expect((await run(["dispatch", "w", "--negotiation", "n"], { hub })).code).toBe(0);
    expect((await run(["dispatch"], { hub })).code).toBe(2);
  });

  it("passes on what the hub says of a worker it does not know", async () => {
    const hub = hubOf({
      dispatch_job: () => failure("E_WORKER_UNKNOWN", 'Worker "x" not found; known workers: 10.'),
    });
    expect(await run(["dispatch", "x", "y"], { hub })).toMatchObject({
      code: 2,
      err: 'error: Worker "x" not found; known workers: 10.',
    });
  });
});

describe("jobs", () => {
  it("lists, shows, waits, cancels", async () => {
    const hub = hubOf({
      list_jobs: () => ({ jobs: [job("ACTIVE"), job("FAILED")] }),
      cancel_job: () => job("ACTIVE"),
    });
    const list = await run(["jobs", "--limit", "5"], { hub });
    expect(list.out).toMatch(/^job_1 +10 +4711 +ACTIVE +2026-01-02T03:04:05\.000Z +lmp/m);
    expect(hub.calls[0]?.args).toEqual({ limit: 5 });
    expect((await run(["status", "job_1"], { hub })).out).toContain("Site job   slurm 4711");
    expect((await run(["wait", "job_1"], { hub })).code).toBe(0);
    expect((await run(["cancel", "job_1"], { hub })).err).toContain("asked to end it");
    const json = await run(["status", "job_1", "--json"], { hub });
    expect(JSON.parse(json.out)).toMatchObject({ schema: "job/1", id: "job_1", siteJobId: "4711" });
  });

  it("ends wait with 1 for a job that failed, and with its own code under --propagate", async () => {
    const hub = hubOf({ job_status: () => job("FAILED", { exitCode: 9 }) });
    expect((await run(["wait", "j"], { hub })).code).toBe(1);
    expect((await run(["wait", "j", "--propagate"], { hub })).code).toBe(9);
    const killed = hubOf({ job_status: () => job("CANCELED") });
    expect((await run(["wait", "j", "--propagate"], { hub: killed })).code).toBe(1);
  });

  it("prints logs to their end, or follows them", async () => {
    expect((await run(["logs", "j"], { hub: hubOf({ job_logs: chunks() }) })).out).toBe("a\nb");
    const hub = hubOf({ job_logs: chunks() });
    expect((await run(["logs", "j", "--follow", "--stderr"], { hub })).out).toBe("a\nbc");
    expect(hub.calls[0]?.args).toMatchObject({ stream: "stderr" });
    const json = await run(["logs", "j", "--json"], { hub: hubOf({ job_logs: chunks() }) });
    expect(JSON.parse(json.out)).toEqual({
      jobId: "j",
      stream: "stdout",
      text: "a\nb",
      complete: false,
      truncated: false,
    });
  });
});

describe("fleet", () => {
  it("lists workers", async () => {
    const worker = {
      id: "10",
      url: "http://10:1/mcp",
      prefix: "n_10",
      labels: { site: "x" },
      state: "online",
      legacy: true,
      tools: 2,
      registeredAt: "2026-01-02T03:04:05.000Z",
      lastSeenAt: "2026-01-02T03:04:05.000Z",
    };
    const hub = hubOf({ list_workers: () => ({ workers: [worker] }) });
    expect((await run(["list", "workers"], { hub })).out).toMatch(/^10 +online \(legacy\) +2 +site=x +http/m);
    const withModel = [true, false].map((ready) => ({
      ...worker,
      id: `ready-${ready}`,
      legacy: false,
      secretary: { mode: "model", ready },
    }));
    const thinking = hubOf({ list_workers: () => ({ workers: withModel }) });
    expect((await run(["list", "workers"], { hub: thinking })).out).toMatch(
      /^ready-true +online \(model\) .*\nready-false +online \(model not ready\) /m,
    );
    const empty = hubOf({ list_workers: () => ({ workers: [] }) });
    expect((await run(["list", "workers"], { hub: empty })).out).toBe("No worker has joined this hub.");
  });

  it("exports the truth in the seed's format and counts it", async () => {
    const truth = {
      timestamp: 1.5,
      ground_truth: { "10": { truth: {}, registry: {}, metadata: { archetype: "hpc" } } },
      archetypes: { hpc: 1 },
      counts: { software: { spack: 1 } },
    };
    const hub = hubOf({ export_fleet_truth: () => truth });
    const path = join(directory, "truth.json");
    const ran = await run(["export", "--output", path], { hub });
    expect(ran.out).toMatch(/^1 workers: hpc 1\n\nCategory +Provider +Workers\nsoftware +spack +1\n\nWrote /);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(truth);
    const piped = await run(["export"], { hub });
    expect(JSON.parse(piped.out)).toEqual(truth);
    expect((await run(["export", "--output", join(directory, "no", "x")], { hub })).code).toBe(2);
  });
});

describe("output without end", () => {
  const endless = { text: "y\n".repeat(1000), cursor: "1", complete: false };

  it("is asked for no more once nobody reads", async () => {
    const closed = new AbortController();
    let reads = 0;
    const hub = hubOf({
      job_logs: () => {
        if ((reads += 1) === 3) closed.abort();
        return endless;
      },
    });
    const ran = await run(["logs", "job_1"], { hub, outClosed: closed.signal });
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(reads).toBe(3);
  });

  it("ends a follower of a quiet job that nobody reads", async () => {
    const closed = new AbortController();
    const hub = hubOf({
      job_logs: () => {
        setTimeout(() => closed.abort());
        return { text: "", cursor: "1", complete: false };
      },
    });
    const ran = await run(["logs", "job_1", "--follow"], { hub, outClosed: closed.signal, pollMs: 60_000 });
    expect(ran).toMatchObject({ code: 0, out: "", err: "" });
  });

  it("is cut where one document ends", async () => {
    const hub = hubOf({ job_logs: () => ({ ...endless, text: "y".repeat(2 ** 24) }) });
    const ran = await run(["logs", "job_1", "--json"], { hub });
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ complete: false });
    expect(JSON.parse(ran.out).text).toHaveLength(2 ** 26);
    expect(ran.err).toContain("read all of it without --json");
  });
});
