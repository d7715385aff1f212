import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { scratch, startHub, startWorker } from "../harness/nodes.ts";
import { runToEnd } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

const script = "apps/resource-ask/src/cli.ts";
const agentic = ["--select", "agentic"] as const;

const proposals = {
  north: { data: { proposal: '{"verdict":"READY"}' }, metrics: { queue_depth: 0 } },
  south: { data: { proposal: '{"verdict":"BUSY"}' }, metrics: { queue_depth: 7 } },
};

/** A local server with chat completions that ranks south first; what it was asked is kept. */
async function startProvider() {
  const asked: { readonly body: string; readonly authorization: string | undefined }[] = [];
  const content = JSON.stringify({ ranking: [{ id: "south", reason: "it is greener" }] });
  const answer = {
    id: "1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
  };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      asked.push({ body, authorization: request.headers.authorization });
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}/v1`, asked };
}

verifies(["LLM-08"], "a scripted model chooses a site of a real hub, and the job runs there", async () => {
  const hub = await startHub();
  const directory = await scratch();
  await startWorker(hub, "one", { localAllow: ["hostname"] });
  await startWorker(hub, "two", { localAllow: ["hostname"] });
  const file = join(directory, "script.yaml");
  await writeFile(file, `- '{"ranking": [{"id": "two", "reason": "two is the quieter one"}]}'\n`);
  const ran = await runToEnd(
    ["negotiate", "Run hostname", "--worker", "one", "--worker", "two", "--json", "--url", hub.url]
      .concat(agentic)
      .concat(["--llm-script", file]),
    { script },
  );
  expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining("error")]);
  const { selection, dispatch } = JSON.parse(ran.stdout);
  expect(selection).toMatchObject({
    worker_id: "two",
    metadata: { algorithm: "agentic", model: "scripted" },
    reasoning: expect.stringContaining('scripted says "two is the quieter one"'),
  });
  expect(dispatch).toMatchObject({ worker_id: "two", receipt: { status: "SUCCESS" } });
});

verifies(["LLM-08"], "a model behind --llm-api-base is asked, and can be recorded and replayed", async () => {
  const provider = await startProvider();
  const directory = await scratch();
  const file = join(directory, "proposals.json");
  const recording = join(directory, "recording.json");
  await writeFile(file, JSON.stringify(proposals));
  const base = ["select", "--proposals", file, "in a green place", ...agentic];
  const key = "sk-never-printed";
  const recorded = await runToEnd(
    [...base, "--llm-model", "m", "--llm-api-base", provider.base, "--llm-record", recording],
    { script, env: { OPENAI_API_KEY: key } },
  );
  expect(recorded.code).toBe(0);
  expect(recorded.stdout).toContain("Selected south.");
  expect(recorded.stdout).toContain('openai:m says "it is greener"');
  expect(provider.asked).toHaveLength(1);
  expect(provider.asked[0]?.authorization).toBe(`Bearer ${key}`);
  expect(recorded.stdout + recorded.stderr).not.toContain(key);
  const replayed = await runToEnd([...base, "--llm-replay", recording], { script });
  expect(replayed.stdout).toBe(recorded.stdout);
  expect(provider.asked).toHaveLength(1);
});

const hidden = `export async function resolve(name, context, next) {
  if (name === "@ai-sdk/google") throw Object.assign(new Error("gone"), { code: "ERR_MODULE_NOT_FOUND" });
  return next(name, context);
}`;

verifies(["LLM-09", "LLM-10"], "a missing key and a missing package say what to do", async () => {
  const directory = await scratch();
  const file = join(directory, "proposals.json");
  await writeFile(file, JSON.stringify(proposals));
  const base = ["select", "--proposals", file, "--json", ...agentic, "--llm-model", "m"];
  const hide = `data:text/javascript,${encodeURIComponent(
    `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hidden)}));`,
  )}`;
  const [keyless, packageless] = await Promise.all([
    runToEnd([...base, "--llm-backend", "anthropic"], { script }),
    runToEnd([...base, "--llm-backend", "gemini"], {
      script,
      env: { GEMINI_API_KEY: "k", NODE_OPTIONS: `--import ${hide}` },
    }),
  ]);
  const fallbackOf = ({ code, stdout, stderr }: typeof keyless): unknown => {
    expect([code, stderr]).toEqual([0, ""]);
    const { worker_id: workerId, metadata } = JSON.parse(stdout);
    expect(workerId).toBe("north");
    return metadata.fallback;
  };
  expect(fallbackOf(keyless)).toMatch(/needs a key; set ANTHROPIC_API_KEY\./);
  expect(fallbackOf(packageless)).toMatch(/not installed: run npm install ai@6 @ai-sdk\/google\./);
});
