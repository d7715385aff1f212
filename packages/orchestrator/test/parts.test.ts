import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import {
  createCommandExecutor,
  createCommandVerifier,
  createHttpExecutor,
  createHttpVerifier,
  createModelExecutor,
  createRegexVerifier,
  createSchemaVerifier,
  createToolExecutor,
  idempotencyMetaKey,
} from "@parley/orchestrator";
import type { Attempt } from "@parley/orchestrator";
import { createScriptedModel } from "@parley/llm";
import { describe, expect, it, onTestFinished } from "vitest";

const attempt = (known: Partial<Attempt> = {}): Attempt => ({
  id: "task_1",
  number: 1,
  idempotencyKey: "task_1",
  spec: { description: "x", verify: [] },
  feedback: [],
  signal: new AbortController().signal,
  progress: () => undefined,
  ...known,
});
const subject = (output: unknown) => ({ output, attempt: attempt() });

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

describe("[ORC-15] patterns and schemas of strangers", () => {
  it("hold nobody up: a pattern that would never end says nothing about the task", async () => {
    const regex = createRegexVerifier({ timeoutMs: 500 });
    const action = { type: "regex", pattern: "^(a+)+$" };
    const beats: number[] = [];
    const timer = setInterval(() => beats.push(1), 20);
    const call = regex.verify(action, subject(`${"a".repeat(60)}!`));
    await expect(call).rejects.toMatchObject({ code: "E_EXEC_TIMEOUT" });
    clearInterval(timer);
    expect(beats.length).toBeGreaterThan(5);
  });

  it("are looked for and kept away", async () => {
    const regex = createRegexVerifier();
    expect(await regex.verify({ type: "regex", pattern: "ok$" }, subject("all ok"))).toEqual({
      verdict: "pass",
    });
    expect(
      await regex.verify({ type: "regex", pattern: "todo", flags: "i", absent: true }, subject("TODO")),
    ).toEqual({
      verdict: "fail",
      feedback: "The output does not pass: the pattern todo must not be in it and is.",
    });
    expect(() => regex.check({ type: "regex", pattern: "(" })).toThrow(
      'The verifier "regex" cannot use its pattern',
    );
    expect(() => regex.check({ type: "regex", pattern: "a", flags: "g" })).toThrow("flags");
  });

  it("say where an output does not fit", async () => {
    const verifier = createSchemaVerifier();
    const schema = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
    const action = { type: "json_schema", schema };
    expect(await verifier.verify(action, subject('{"n": 1}'))).toEqual({ verdict: "pass" });
    expect(await verifier.verify(action, subject({ n: "1" }))).toEqual({
      verdict: "fail",
      feedback: "The output does not fit its schema: /n must be integer",
    });
    expect(await verifier.verify(action, subject("n = 1"))).toMatchObject({ verdict: "fail" });
    const odd = verifier.verify({ type: "json_schema", schema: { type: 7 } }, subject({}));
    await expect(odd).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    const remote = verifier.verify({ type: "json_schema", schema: { $ref: "https://x.org/s" } }, subject({}));
    await expect(remote).rejects.toThrow(/can't resolve reference/);
    const evil = { type: "json_schema", schema: { type: "string", pattern: "^(a+)+$" } };
    const late = createSchemaVerifier({ timeoutMs: 400 }).verify(
      evil,
      subject(JSON.stringify(`${"a".repeat(60)}!`)),
    );
    await expect(late).rejects.toMatchObject({ code: "E_EXEC_TIMEOUT" });
  });
});

describe("[ORC-16] services", () => {
  it("are called at allowed origins alone", () => {
    const http = createHttpExecutor({ origins: ["https://a.example"] });
    expect(() => http.check({ type: "http", url: "https://a.example/x" })).not.toThrow();
    for (const url of ["http://169.254.169.254/", "https://a.example.evil/", "https://u:p@a.example/"]) {
      expect(() => http.check({ type: "http", url })).toThrow(
        "is not allowed; https://a.example may be called",
      );
    }
    expect(() => createHttpVerifier({ origins: [] }).check({ type: "http", url: "http://b/" })).toThrow(
      "none is",
    );
  });

  it("get the key of the task, and their answers are told apart", async () => {
    const seen: unknown[] = [];
    const base = await serve((request, response) => {
      seen.push(request.headers["idempotency-key"]);
      const status = Number(request.url?.slice(1));
      response.writeHead(status, {
        "content-type": "application/json",
        "retry-after": "3",
        location: "/200",
      });
      response.end(status === 200 ? '{"n":1}' : '"no"');
    });
    const http = createHttpExecutor({ origins: [base] });
    const call = (status: number) => http.execute({ type: "http", url: `${base}/${status}` }, attempt());
    expect(await call(200)).toEqual({ ok: true, output: { n: 1 } });
    expect(await call(429)).toMatchObject({ failure: { class: "rate_limited", retryAfterMs: 3000 } });
    expect(await call(500)).toMatchObject({ failure: { class: "retryable" } });
    expect(await call(404)).toMatchObject({ failure: { class: "permanent" } });
    expect(await call(302)).toMatchObject({ failure: { class: "permanent" } });
    expect(new Set(seen)).toEqual(new Set(["task_1"]));
  });

  it("are left in time, and read no further than is kept", async () => {
    const silent = await serve(() => undefined);
    const http = createHttpExecutor({ origins: [silent], timeoutMs: 50 });
    await expect(http.execute({ type: "http", url: silent }, attempt())).rejects.toMatchObject({
      code: "E_MCP_TIMEOUT",
    });
    const vast = await serve((_request, response) => void response.end("x".repeat(600 * 1024)));
    const reads = createHttpExecutor({ origins: [vast] });
    await expect(reads.execute({ type: "http", url: vast }, attempt())).rejects.toMatchObject({
      code: "E_EXEC_OUTPUT_LIMIT",
    });
    const nobody = createHttpExecutor({ origins: ["http://127.0.0.1:1"] });
    await expect(
      nobody.execute({ type: "http", url: "http://127.0.0.1:1/" }, attempt()),
    ).rejects.toMatchObject({
      code: "E_MCP_UNREACHABLE",
    });
  });

  it("judge by their words or their status", async () => {
    const base = await serve((request, response) => {
      const [, status = "200", ...said] = decodeURIComponent(request.url ?? "").split("/");
      response.writeHead(Number(status), { "content-type": "application/json" });
      response.end(said.join("/"));
    });
    const verifier = createHttpVerifier({ origins: [base] });
    const judge = (path: string) => verifier.verify({ type: "http", url: `${base}/${path}` }, subject("x"));
    expect(await judge('200/{"verdict":"pass"}')).toEqual({ verdict: "pass" });
    expect(await judge('200/{"verdict":"fail","feedback":"no"}')).toEqual({
      verdict: "fail",
      feedback: "no",
    });
    expect(await judge("204")).toEqual({ verdict: "pass" });
    expect(await judge("422/bad")).toEqual({ verdict: "fail", feedback: "bad" });
    expect(await judge("500/oops")).toMatchObject({ verdict: "inconclusive" });
    expect(await judge("200/yes")).toMatchObject({ verdict: "inconclusive" });
  });
});

describe("[ORC-17] programs, tools and models", () => {
  it("run no program that is not named, and tell a missing one from a failing one", async () => {
    const command = createCommandExecutor({ allow: ["false", "nowhere-to-be-found"] });
    expect(() => command.check({ type: "command", argv: ["sh", "-c", "true"] })).toThrow(
      'The program "sh" is not allowed; false, nowhere-to-be-found may be. Start with --allow PROGRAM.',
    );
    expect(() => command.check({ type: "command", argv: [] })).toThrow(
      'The executor "command" cannot use its action: argv',
    );
    expect(await command.execute({ type: "command", argv: ["false"] }, attempt())).toMatchObject({
      ok: false,
      failure: { class: "retryable" },
    });
    const gone = command.execute({ type: "command", argv: ["nowhere-to-be-found"] }, attempt());
    await expect(gone).rejects.toMatchObject({ code: "E_EXEC_NOT_FOUND" });
    const judge = createCommandVerifier({ allow: ["nowhere-to-be-found"] });
    expect(
      await judge.verify({ type: "command", argv: ["nowhere-to-be-found"] }, subject("x")),
    ).toMatchObject({
      verdict: "inconclusive",
    });
  });

  it("call tools of configured servers with the key of the task", async () => {
    const calls: unknown[] = [];
    const answers = [
      { content: [{ type: "text", text: "5" }], structuredContent: { n: 5 } },
      { content: [{ type: "text", text: "no such file" }], isError: true },
    ];
    const files = {
      async callTool(name: string, args?: object, options?: { meta?: object | undefined }) {
        calls.push([name, args, options?.meta]);
        return answers.shift() ?? {};
      },
    };
    const tool = createToolExecutor({ servers: { files } });
    const action = { type: "tool", server: "files", tool: "count", arguments: { path: "x" } };
    expect(await tool.execute(action, attempt())).toEqual({ ok: true, output: { n: 5 } });
    expect(calls).toEqual([["count", { path: "x" }, { [idempotencyMetaKey]: "task_1" }]]);
    expect(await tool.execute(action, attempt())).toMatchObject({
      failure: { class: "retryable", message: "no such file" },
    });
    expect(() => tool.check({ ...action, server: "mail" })).toThrow(
      'There is no MCP server "mail" here; there is files.',
    );
    expect(() => tool.check({ ...action, server: "toString" })).toThrow("There is no MCP server");
  });

  it("take a model's answer only when it is whole", async () => {
    const usage = { inputTokens: 1, outputTokens: 2, costUsd: 0.1 };
    const model = createScriptedModel([{ text: "cut of", stop: "length", usage }, " ", "whole"]);
    const executor = createModelExecutor({ model });
    const ask = () => executor.execute({ type: "model", prompt: "Say it" }, attempt());
    expect(await ask()).toMatchObject({
      ok: false,
      usage,
      failure: { message: 'The model scripted stopped with "length".' },
    });
    expect(await ask()).toMatchObject({ ok: false });
    expect(await ask()).toMatchObject({ ok: true, output: "whole", by: "scripted" });
  });
});
