import { randomUUID } from "node:crypto";
import { createRun, which } from "@parley/exec";
import { describe, expect, onTestFinished, test } from "vitest";
import { parleySource, place } from "./_parley.ts";

const plan = `
name: release
steps:
  - { name: build, type: tool, tool: quick }
  - { name: publish, type: tool, tool: quick, confirm: "Publish it?" }
`;
const lost = "name: lost\nsteps: [{ name: find, type: tool, tool: nowhere }]\n";
const files = { "plan.yaml": plan, "lost.yaml": lost };
const run = ["run", "plan.yaml", "--server", "s.json"];
const patient = { timeout: 60_000, interval: 50 };

const answering = (page: URL, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(new URL("/-/answers", page), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

describe("parley run with a page", { timeout: 180_000 }, () => {
  test("[PLN-50] prints an address whose token opens the run and answers its question, and ends as the run does", async () => {
    const { start, calls } = await place(files);
    const { said, ended } = start([...run, "--ui", "web"]);
    await expect.poll(() => said.stderr, patient).toMatch(/^The run is shown at (http:\S+)$/m);
    const page = new URL(/http:\S+/.exec(said.stderr)?.[0] ?? "");
    const authorization = `Bearer ${new URLSearchParams(page.hash.slice(1)).get("token") ?? ""}`;
    expect([page.hostname, authorization.length]).toEqual(["127.0.0.1", 50]);
    const html = await fetch(page);
    expect([html.status, html.headers.get("content-type")]).toEqual([
      200,
      expect.stringContaining("text/html"),
    ]);
    const stream = await fetch(new URL("/-/run", page), { headers: { authorization } });
    let told = "";
    const following = (async () => {
      for await (const text of (stream.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()))
        told += text;
    })();
    await expect.poll(() => told, patient).toContain("Publish it?");
    expect(await calls()).toEqual(["quick"]);
    const answer = { id: "publish.confirm", answer: "yes" };
    expect((await answering(page, answer)).status).toBe(401);
    expect((await answering(page, answer, { authorization })).status).toBe(204);
    expect(await ended).toMatchObject({ code: 0, stdout: '{\n  "text": "quick done"\n}\n' });
    expect(await calls()).toEqual(["quick", "quick"]);
    await following;
    expect(told).toMatch(/"status":"success"[^]*event: end\ndata: \{\}\s*$/);
  });

  test("[PLN-51] is refused together with --json, and is closed again when the run cannot begin", async () => {
    const { parley } = await place(files);
    expect(await parley(...run, "--json", "--ui", "web")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--json prints documents for programs: leave out --ui web."),
    });
    const unopened = await parley("run", "plan.yaml", "--server", "none.json", "--ui", "web");
    expect(unopened).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: .*none\.json/) });
    const refused = await parley("run", "lost.yaml", "--server", "s.json", "--ui", "web");
    const [said = "", address = ""] = /^The run is shown at (\S+)\n[^]*nowhere/.exec(refused.stderr) ?? [];
    expect(said).not.toBe("");
    await expect(fetch(address)).rejects.toThrow("fetch failed");
  });
});

test("[PLN-60] a page is shown for no plan that cannot be read and for no run that never was", async () => {
  const { parley, calls } = await place({ ...files, "broken.yaml": "name: [" });
  const begin = async (...words: string[]) =>
    await parley("run", ...words, "--server", "s.json", "--ui", "web");
  for (const [words, problem] of [
    [["missing.yaml"], /^error: .*missing\.yaml/],
    [["broken.yaml"], /^error: .*broken\.yaml/],
    [["--resume", "run_0"], /^error: .*run_0/],
  ] as const) {
    const { code, stdout, stderr } = await begin(...words);
    expect([code, stdout]).not.toEqual([0, expect.anything()]);
    expect(stderr).toMatch(problem);
    expect(stderr).not.toContain("shown at");
  }
  expect(await calls()).toEqual([]);
});

const tmux = await which("tmux");
const tell = createRun({ timeoutMs: 30_000 });
const why = tmux === undefined ? " (skipped: no tmux on PATH)" : "";

describe.skipIf(tmux === undefined)(`parley run in a terminal of tmux${why}`, { timeout: 180_000 }, () => {
  test("[PLN-52] draws the run, takes the answer, and leaves the terminal and the exit code", async () => {
    const { directory, env, calls } = await place(files);
    const words = ["tmux", "-L", `parley-${randomUUID()}`];
    const size = ["-d", "-x", "100", "-y", "40", "-c", directory];
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value ?? ""}`);
    const program = [process.execPath, ...parleySource, ...run, "--ui", "tui"];
    const script = '"$@"; echo "ended: $?"; stty -a | grep -ow -- "-\\?icanon"; sleep 600';
    onTestFinished(async () => void (await tell([...words, "kill-server"])));
    const pane = ["new-session", ...size, "env", ...settings, "sh", "-c", script, "sh", ...program];
    await tell([...words, "-f", "/dev/null", ...pane]);
    const screen = async (): Promise<string> =>
      (await tell([...words, "capture-pane", "-p", "-S", "-"])).stdout;
    await expect.poll(screen, patient).toMatch(/✔ build {2}tool quick[^]*Publish it\?[^]*› 1 yes/);
    expect(await calls()).toEqual(["quick"]);
    await tell([...words, "send-keys", "Enter"]);
    await expect.poll(screen, patient).toMatch(/ended: 0\nicanon/);
    const last = await screen();
    expect(last).toMatch(/✔ publish {2}tool quick/);
    expect(last).toContain('"text": "quick done"');
    expect(await calls()).toEqual(["quick", "quick"]);
  });
});

test("[PLN-53] cards without a terminal are refused in one sentence", async () => {
  const { parley, calls } = await place(files);
  const before = Object.getOwnPropertyDescriptor(process.stdin, "isTTY") ?? { value: undefined };
  onTestFinished(() => void Object.defineProperty(process.stdin, "isTTY", { configurable: true, ...before }));
  Object.defineProperty(process.stdin, "isTTY", { configurable: true, value: false });
  expect(await parley(...run, "--ui", "tui")).toEqual({
    code: 3,
    stdout: "",
    stderr: "error: The terminal interface needs a terminal for input and output: use --ui cli.\n",
  });
  expect(await calls()).toEqual([]);
});
