import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { fromSource, kill, scratch } from "./_process.ts";

const source = [...fromSource.slice(0, -1), fileURLToPath(new URL("../src/parley-cli.ts", import.meta.url))];
const server = fileURLToPath(new URL("_plan-server.mjs", import.meta.url));

const plan =
  "name: slow\nsteps:\n  - { name: a, type: tool, tool: quick }\n  - { name: b, type: tool, tool: slow }\n  - { name: c, type: tool, tool: quick }\n";

/** A folder with a plan, its server, and `parley` to run there. */
async function place() {
  const directory = await scratch();
  await writeFile(join(directory, "plan.yaml"), plan);
  await writeFile(
    join(directory, "s.json"),
    JSON.stringify({ mcpServers: { s: { command: process.execPath, args: [server, directory] } } }),
  );
  const start = (args: readonly string[]) => {
    const env = {
      PATH: process.env["PATH"],
      HOME: directory,
      NO_COLOR: "1",
      PARLEY_DATABASE: `json://${directory}/db`,
    };
    const child = spawn(process.execPath, [...source, ...args], { cwd: directory, env });
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    onTestFinished(() => kill(child));
    child.stdin.end();
    return { child, said };
  };
  const parley = async (...args: string[]) => {
    const { child, said } = start(args);
    await once(child, "close");
    return { code: child.exitCode, ...said };
  };
  const calls = async () =>
    existsSync(join(directory, "calls"))
      ? (await readFile(join(directory, "calls"), "utf8")).trim().split("\n")
      : [];
  return { directory, start, parley, calls };
}

describe("[PLN-29] parley killed in the middle of a call", () => {
  it("resumes at that call and repeats nothing that was done", { timeout: 180_000 }, async () => {
    const { directory, start, parley, calls } = await place();
    const { child } = start(["run", "plan.yaml", "--server", "s.json"]);
    await expect.poll(calls, { timeout: 60_000 }).toEqual(["quick", "slow"]);
    await kill(child);
    const listed = await parley("list", "--json");
    const [{ id, status, step }] = JSON.parse(listed.stdout);
    expect({ status, step }).toEqual({ status: "running", step: "b" });
    const unsure = await parley("run", "--resume", id, "--server", "s.json");
    expect(unsure.code).toBe(3);
    expect(unsure.stderr).toContain("The call of slow was cut off, and nobody knows whether it was done.");
    expect(unsure.stderr).toContain(`The run can be resumed: parley run --resume ${id}`);
    expect(await calls()).toEqual(["quick", "slow"]);
    await writeFile(join(directory, "go"), "");
    const again = await parley("run", "--resume", id, "--unknown", "repeat", "--server", "s.json");
    expect(again).toMatchObject({ code: 0, stdout: '{\n  "text": "quick done"\n}\n' });
    expect(await calls()).toEqual(["quick", "slow", "slow", "quick"]);
    expect((await parley("show", id)).stdout).toMatch(/success: slow at success\n.*run\.started/);
  });

  it("ends with 130 when it is interrupted, and can be resumed", { timeout: 180_000 }, async () => {
    const { start, calls } = await place();
    const { child, said } = start(["run", "plan.yaml", "--server", "s.json", "--json"]);
    await expect.poll(calls, { timeout: 60_000 }).toEqual(["quick", "slow"]);
    child.kill("SIGINT");
    await once(child, "close");
    expect(child.exitCode).toBe(130);
    const last = JSON.parse(said.stdout.trim().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({
      event: "complete",
      data: { status: "stopped", error: { code: "E_INTERRUPTED" } },
    });
  });
});

describe("[PLN-42] the parley command", () => {
  it(
    "checks plans, asks models, fills in prompts, and says what is wrong",
    { timeout: 180_000 },
    async () => {
      const { directory, parley } = await place();
      await writeFile(
        join(directory, "bad.yaml"),
        plan.replace("tool: slow", "tool: slw, transitions: { success: d }"),
      );
      await writeFile(join(directory, "ask.yaml"), "name: ask\nsteps: [{ name: a, instruction: sing }]\n");
      await writeFile(
        join(directory, "loop.yaml"),
        "name: loop\nsteps: [{ name: a, type: tool, tool: quick, max_visits: 2, transitions: { success: a } }]\n",
      );
      await writeFile(join(directory, "script.yaml"), "- tools: [{ name: quick }]\n- sung\n");
      const s = ["--server", "s.json"];
      const [bad, good, none, flag, neither, down, keyless, sung, filled, loop, tools] = await Promise.all([
        parley("run", "bad.yaml", "--check"),
        parley("run", "plan.yaml", "--check", ...s),
        parley("run", "none.yaml"),
        parley("run", "plan.yaml", "--serve", "x"),
        parley("run"),
        parley("run", "plan.yaml", "--server", "http://127.0.0.1:1/mcp"),
        parley("run", "ask.yaml", "--llm-model", "m"),
        parley(
          "agent",
          "--prompt",
          "role",
          "--argument",
          "who=Bob",
          "--llm-script",
          "script.yaml",
          ...s,
          "sing",
        ),
        parley("prompt", "role", "who=Eve", ...s),
        parley("run", "loop.yaml", ...s),
        parley("list", ...s, "--json"),
      ]);
      expect(bad).toMatchObject({
        code: 2,
        stdout:
          'bad.yaml:4:54: steps[1].transitions.success: no step is called "d"; there is a, b, c, success, failure\n',
      });
      expect(good).toMatchObject({ code: 0, stderr: "plan.yaml: nothing is wrong with it.\n" });
      expect(none).toMatchObject({
        code: 2,
        stderr: "error: none.yaml cannot be read: there is no such file.\n",
      });
      expect(flag).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("unknown option '--serve' (Did you mean --server?)"),
      });
      expect(neither).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("Give a plan file, or --resume ID"),
      });
      expect(down.code).toBe(4);
      expect(keyless).toMatchObject({
        code: 4,
        stderr: expect.stringContaining("needs a key; set OPENAI_API_KEY."),
      });
      expect(sung).toMatchObject({
        code: 0,
        stdout: "sung\n",
        stderr: expect.stringContaining("result quick: quick done"),
      });
      expect(filled).toMatchObject({ code: 0, stdout: "You are Eve.\n" });
      expect(loop).toMatchObject({
        code: 5,
        stderr: expect.stringContaining("come to 2 times, which is its limit"),
      });
      expect(JSON.parse(tools.stdout).map(({ name }: { name: string }) => name)).toEqual([
        "quick",
        "slow",
        "role",
      ]);
    },
  );
});
