import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@parley/mcpserver";
import { expect, onTestFinished, test } from "vitest";
import { openServerModel } from "../src/open-model.ts";

/** A provider that answers with these statuses, one after the other; it keeps the keys it was shown. */
async function provider(...statuses: readonly number[]) {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const status = statuses[keys.length] ?? 200;
    keys.push(request.headers.authorization);
    const message = { role: "assistant", content: "Pong." };
    const answer = {
      id: "1",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, message, finish_reason: "stop" }],
    };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // of a listening TCP server
  return { llmApiBase: `http://127.0.0.1:${port}/v1`, keys };
}

async function open(flags: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) {
  const notices: string[] = [];
  const settings = await readSettings({
    flags: { hub: true, hubSecret: "potato", llmModel: "m", ...flags },
    env,
  });
  const opened = await openServerModel(settings, { env, notice: (text) => notices.push(text) });
  if (opened === undefined) throw new Error("no model was opened");
  return {
    ...opened,
    notices,
    ping: (signal?: AbortSignal) =>
      opened.hub.model.complete({ messages: [{ role: "user", content: "Ping?" }] }, { signal }),
  };
}

test("[LLM-22] a key is read from a file, and outranks the variable", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parley-key-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const llmKeyFile = join(folder, "key");
  await writeFile(llmKeyFile, "of-the-file\n");
  const { llmApiBase, keys } = await provider(200, 401);
  const { ping } = await open({ llmApiBase, llmKeyFile }, { OPENAI_API_KEY: "of-the-variable" });
  await ping();
  await expect(ping()).rejects.toThrow("refused the key; look at --llm-key-file.");
  expect(keys).toEqual(["Bearer of-the-file", "Bearer of-the-file"]);
  await expect(open({ llmKeyFile: join(folder, "none") })).rejects.toThrow(
    /--llm-key-file .*none: cannot be read \(ENOENT\)/,
  );
});

test("[LLM-20] the operator is told a fault once, and again after it has passed", async () => {
  const { llmApiBase } = await provider(429, 429, 500, 200, 500);
  const { ping, notices } = await open({ llmApiBase });
  for (let turn = 0; turn < 5; turn += 1) await ping().catch(() => undefined);
  expect(notices).toEqual([
    "The model openai:m takes no more questions now: wait.",
    expect.stringContaining("status 500"),
    expect.stringContaining("status 500"),
  ]);
  const closed = await open({ llmApiBase, llmTimeout: "1" });
  const reason = AbortSignal.timeout(1);
  await expect.poll(() => reason.aborted).toBe(true);
  await closed.ping(reason).catch(() => undefined);
  await closed.ping(AbortSignal.abort()).catch(() => undefined);
  expect(closed.notices).toEqual([
    "The model openai:m did not answer in time: --llm-timeout allows it more.",
  ]);
  const keyless = await open({});
  await keyless.ping().catch(() => undefined);
  expect(keyless.notices).toEqual([
    "The model openai:m needs a key; set OPENAI_API_KEY. Until then rules answer without it.",
  ]);
});

test("[LLM-22] bounds of a question are the role's own unless they are given", async () => {
  const { llmApiBase } = await provider();
  const own = await open({ llmApiBase });
  expect(own.hub).toMatchObject({ timeoutMs: 30_000 });
  expect((await own.reader()).timeoutMs).toBe(4000);
  const given = await open({ llmApiBase, llmTimeout: "20", llmMaxTokens: "5000" });
  expect(given.hub).toMatchObject({ timeoutMs: 20_000, maxTokens: 5000 });
  expect((await given.reader()).timeoutMs).toBe(20_000);
});
