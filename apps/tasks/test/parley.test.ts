import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { place } from "./_parley.ts";
import { kill } from "./_process.ts";

const plan =
  "name: slow\nsteps:\n  - { name: a, type: tool, tool: quick }\n  - { name: b, type: tool, tool: slow }\n  - { name: c, type: tool, tool: quick }\n";

describe("[PLN-29] parley killed in the middle of a call", () => {
  it(
    "resumes at that call, ends with 130 when it is interrupted there, and repeats nothing that was done",
    { timeout: 180_000 },
    async () => {
      const { at, start, parley, calls } = await place({ "plan.yaml": plan });
      const { child } = start(["run", "plan.yaml", "--server", "s.json"]);
      await expect.poll(calls, { timeout: 60_000 }).toEqual(["quick", "slow"]);
      await kill(child);
      const listed = await parley("list", "--json");
      const [{ id, status, step }] = JSON.parse(listed.stdout);
      expect({ status, step }).toEqual({ status: "running", step: "b" });
      const resume = ["run", "--resume", id, "--server", "s.json"];
      const unsure = await parley(...resume);
      expect(unsure.code).toBe(3);
      expect(unsure.stderr).toContain("The call of slow was cut off, and nobody knows whether it was done.");
      expect(unsure.stderr).toContain(`The run can be resumed: parley run --resume ${id}`);
      expect(await calls()).toEqual(["quick", "slow"]);

      const again = start([...resume, "--unknown", "repeat", "--json"]);
      await expect.poll(calls, { timeout: 60_000 }).toEqual(["quick", "slow", "slow"]);
      again.child.kill("SIGINT");
      const { code, stdout } = await again.ended;
      expect(code).toBe(130);
      expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
        event: "complete",
        data: { status: "stopped", error: { code: "E_INTERRUPTED" } },
      });

      await writeFile(at("go"), "");
      const last = await parley(...resume, "--unknown", "repeat");
      expect(last).toMatchObject({ code: 0, stdout: '{\n  "text": "quick done"\n}\n' });
      expect(await calls()).toEqual(["quick", "slow", "slow", "slow", "quick"]);
      expect((await parley("show", id)).stdout).toMatch(/success: slow at success\n.*run\.started/);
    },
  );
});

describe("[PLN-42] the parley command", () => {
  it(
    "checks plans, asks models, fills in prompts, and says what is wrong",
    { timeout: 180_000 },
    async () => {
      const { parley } = await place({
        "plan.yaml": plan,
        "bad.yaml": plan.replace("tool: slow", "tool: slw, transitions: { success: d }"),
        "ask.yaml": "name: ask\nsteps: [{ name: a, instruction: sing }]\n",
        "loop.yaml":
          "name: loop\nsteps: [{ name: a, type: tool, tool: quick, max_visits: 2, transitions: { success: a } }]\n",
        "script.yaml": "- tools: [{ name: quick }]\n- sung\n",
      });
      const s = ["--server", "s.json"];
      const [bad, good, none, flag, neither, alone, down, keyless, sung, filled, loop, tools, toolless] =
        await Promise.all([
          parley("run", "bad.yaml", "--check"),
          parley("run", "plan.yaml", "--check", ...s),
          parley("run", "none.yaml"),
          parley("run", "plan.yaml", "--serve", "x"),
          parley("run"),
          parley("run", "plan.yaml"),
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
          parley("agent", "--tools", "halt", "--llm-script", "script.yaml", ...s, "sing"),
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
      const first = 'no server is given that could have a tool "quick": name one, as in --server http';
      expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining(first) });
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
      expect(toolless).toMatchObject({
        code: 2,
        stderr:
          'error: The agent cannot have the tool halt: no server has a tool "halt"; there is quick, slow.\n',
      });
      expect(JSON.parse(tools.stdout).map(({ name }: { name: string }) => name)).toEqual([
        "quick",
        "slow",
        "role",
      ]);
    },
  );
});
