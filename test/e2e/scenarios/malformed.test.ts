import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute, processIo } from "@parley/cli";
import type { Io } from "@parley/cli";
import { expect } from "vitest";
import { createProgram } from "../../../apps/mcpserver/src/program.ts";
import { callTool, http } from "../harness/clients.ts";
import { scratch, startHub, startWorker } from "../harness/nodes.ts";
import { runToEnd } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

verifies(["BAD-01"], "each malformed start is one sentence and exit code 2", async () => {
  const directory = await scratch();
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, text);
    return path;
  };
  const env = { HOME: directory };
  const cases: readonly (readonly [readonly string[], RegExp, Record<string, string>?])[] = [
    [["--port", "70000"], /--port: "70000" is not a whole number from 0 to 65535/],
    [["--prot", "1"], /unknown option '--prot'/],
    [["--transport", "carrier-pigeon"], /--transport.*one of http, stdio/],
    [["--mock", "nosuch"], /one of hpc, cloud, standalone/],
    [["--join", "ftp://hub"], /--join.*http or https address/],
    [["--worker-id", "../../x", "--mock"], /--worker-id.*letters, digits/],
    [["--label", "gpu"], /--label.*key=value/],
    [["--strict", "--tool", "./nothing-here.ts#x"], /nothing-here/],
    [["--config", join(directory, "absent.yaml")], /there is no such file/],
    [["--config", await file("broken.yaml", "server:\n  port: [1\n")], /broken\.yaml:\d+:\d+: /],
    [
      ["--config", await file("typo.yaml", "server:\n  prot: 1\n")],
      /"server\.prot"; did you mean "server\.port"/,
    ],
    [["--config", await file("flat.yaml", "server: 8000\n")], /"server" must be a mapping/],
    [["--config", await file("list.yaml", "- 1\n")], /top level must be a mapping/],
    [["--config", await file("price.yaml", "worker:\n  prices: {nodeHour: cheap}\n")], /worker\.prices/],
    [["--database", "mongodb://x"], /mongodb/],
    [["--database", "mongodb://x", "--hub", "--hub-secret", "potato"], /mongodb/],
    [["--hub", "--hub-secret", "abc", "--database", "memory:"], /shorter than 4/],
    [["--hub", "--transport", "stdio"], /stdio/],
    [["--host", "0.0.0.0"], /MCPSERVER_TOKEN/],
    [[], /MCPSERVER_PORT: "x" is not a whole number/, { MCPSERVER_PORT: "x" }],
  ];
  for (const [args, message, more] of cases) {
    const ended = await command(["start", "--state-dir", directory, ...args], { ...env, ...more });
    expect([args, ended.stderr]).toEqual([args, expect.stringMatching(message)]);
    expect([args, ended.code, ended.stdout]).toEqual([args, 2, ""]);
    expect(ended.stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  }
  const real = await runToEnd(["start", "--port", "70000"]);
  expect([real.code, real.stdout, real.stderr]).toEqual([2, "", expect.stringMatching(/^error: --port: /)]);
});

/** The command line in this process. */
async function command(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const lines = { out: [""], err: [""] };
  const io: Io = {
    out: (text) => lines.out.push(text),
    err: (text) => lines.err.push(text),
    env,
    interactive: false,
    width: 100,
    colors: processIo(new AbortController().signal).colors,
    signal: AbortSignal.timeout(10_000),
  };
  const code = await execute(createProgram(io), args, io);
  return { code, stdout: lines.out.join("\n").trim(), stderr: lines.err.join("\n") };
}

verifies(["BAD-02", "BAD-04"], "a megabyte and other bodies nobody can read are refused", async () => {
  const hub = await startHub();
  await startWorker(hub, "here", { localAllow: ["hostname"] });
  const long = `Run hostname ${"and again ".repeat(110_000)}`;
  const calls: readonly [string, Record<string, unknown>][] = [
    ["negotiate_job", { prompt: long }],
    ["satisfy_job", { prompt: long }],
    ["dispatch_job", { worker_id: "here", prompt: long }],
    ["negotiate_job", { prompt: "" }],
    ["negotiate_job", { prompt: "x", requirements: { compute: { nodes: { min: 3, max: 1 } } } }],
    ["negotiate_job", { prompt: 7 }],
    ["dispatch_job", {}],
  ];
  for (const [name, args] of calls) {
    const answer = await callTool(hub, name, args);
    expect([name, answer.isError]).toEqual([name, true]);
    expect(answer.text.length).toBeLessThan(1000);
    expect(answer.text).not.toMatch(/\n\s+at /);
  }
  for (const [path, body, status] of [
    ["/satisfy", { prompt: long }, 400],
    ["/negotiate", { prompt: long }, 400],
    ["/negotiate", "{broken", 400],
    ["/dispatch", { workerId: "here", surprise: 1 }, 400],
    ["/dispatch", { workerId: "nobody", prompt: "Run hostname" }, 404],
    ["/select", { negotiationId: "neg_none" }, 404],
    ["/satisfy", "x".repeat(5_000_000), 413],
  ] as const) {
    const answer = await http(`${hub.base}${path}`, { body });
    expect([path, answer.status]).toEqual([path, status]);
    expect(answer.text.length).toBeLessThan(1500);
    expect(answer.text).not.toMatch(/\.ts:\d+/);
  }
  expect((await http(`${hub.base}/jobs`)).body.jobs).toEqual([]);
  expect((await http(`${hub.base}/health`)).body.workers.online).toBe(1);
});

verifies(["BAD-03"], "metacharacters in ids, labels and file names stay text", async () => {
  const directory = await scratch();
  const marker = join(directory, "marker");
  const hub = await startHub();
  await startWorker(hub, "here", {
    localAllow: ["hostname"],
    label: [`note=$(touch ${marker})`],
    verbose: true,
  });
  const evil = `$(touch ${marker})\`touch ${marker}\`; touch ${marker}`;
  for (const [name, args] of [
    ["job_status", { hub_job_id: evil.slice(0, 60) }],
    ["select_worker", { negotiation_id: evil.slice(0, 60) }],
    ["dispatch_job", { worker_id: evil.slice(0, 60), prompt: evil }],
    ["satisfy_job", { prompt: `${evil} needs ${evil} from spack with container ${evil}` }],
  ] as const) {
    await callTool(hub, name, args);
  }
  const status = (await callTool(hub, "get_fleet_status")).value;
  expect(status.here.labels.note).toBe(`$(touch ${marker})`);
  await expect(access(marker)).rejects.toThrow("ENOENT");
});
