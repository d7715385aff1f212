import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  definePrompt,
  defineResource,
  defineTool,
  errorOf,
  toolContext,
  toolResult,
} from "@parley/tool-registry";

const context = toolContext();

describe("defineTool", () => {
  it("makes a strict JSON Schema without a dialect and applies defaults", async () => {
    const tool = defineTool({
      name: "scale",
      description: "Scales.",
      input: z.object({ factor: z.number().default(2), unit: z.string().optional() }),
      handler: ({ factor, unit }) => `${factor}${unit ?? ""}`,
    });
    expect(tool.inputSchema).toEqual({
      type: "object",
      properties: { factor: { type: "number", default: 2 }, unit: { type: "string" } },
      additionalProperties: false,
    });
    expect(await tool.call({}, context)).toEqual({ content: [{ type: "text", text: "2" }] });
    await expect(tool.call({ other: 1 }, context)).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  });

  it("gives structured content a text twin and holds it to the output schema", async () => {
    const tool = defineTool({
      name: "count",
      description: "Counts.",
      input: z.object({ wrong: z.boolean().default(false) }),
      output: z.object({ total: z.number() }),
      handler: ({ wrong }) => (wrong ? toolResult({ structured: { total: "many" } }) : { total: 3 }),
    });
    expect(await tool.call({}, context)).toEqual({
      content: [{ type: "text", text: '{"total":3}' }],
      structuredContent: { total: 3 },
    });
    await expect(tool.call({ wrong: true }, context)).rejects.toThrow(/outside its own output schema/);
  });

  it.each([
    ["nothing", undefined, { content: [] }],
    ["an array", [1, 2], { content: [{ type: "text", text: "[1,2]" }], structuredContent: [1, 2] }],
    ["false", false, { content: [{ type: "text", text: "false" }], structuredContent: false }],
    ["null", null, { content: [{ type: "text", text: "null" }], structuredContent: null }],
    ["a whole result", { content: [{ type: "image", data: "", mimeType: "image/png" }] }, undefined],
    [
      "bytes",
      Buffer.from("hi"),
      { content: [{ type: "resource", resource: { mimeType: "application/octet-stream", blob: "aGk=" } }] },
    ],
    ["a date", new Date(0), { structuredContent: "1970-01-01T00:00:00.000Z" }],
    [
      "an object of a class",
      new (class {
        a = 1;
        toJSON = () => ({ b: 2 });
      })(),
      { structuredContent: { b: 2 } },
    ],
    [
      "a value with a content field of its own",
      { content: ["a"] },
      { structuredContent: { content: ["a"] } },
    ],
  ])("serves %s", async (_what, value, expected) => {
    const tool = defineTool({ name: "t", description: "", input: z.object({}), handler: () => value });
    const result = await tool.call({}, context);
    expect(result).toMatchObject(expected ?? value);
  });

  it.each([
    ["a BigInt", 10n, /BigInt/],
    ["a circle", Object.assign([], { 0: undefined }), undefined],
    ["a Map", new Map([["a", 1]]), /a Map, a Set or a generator/],
    [
      "a generator",
      (async function* () {
        yield 1;
      })(),
      /a Map, a Set or a generator/,
    ],
    ["a function", () => 1, /it is a function/],
    [
      "a getter that throws",
      {
        get x(): never {
          throw new Error("no x");
        },
      },
      /no x/,
    ],
  ])("says what JSON cannot hold of %s", async (_what, value, said) => {
    const circle: unknown[] = [];
    circle.push(circle);
    const handler = () => (said === undefined ? circle : value);
    const tool = defineTool({ name: "t", description: "", input: z.object({}), handler });
    const text =
      /^The tool returned a value that JSON cannot hold \(.*\): return texts, numbers, lists and plain objects\.$/;
    const call = async () => await tool.call({}, context);
    await expect(call()).rejects.toThrow(text);
    if (said !== undefined) await expect(call()).rejects.toThrow(said);
  });

  it("[ROB-34] refuses what the input does not name, unless the input itself lets it in", async () => {
    const of = (input: z.ZodObject) =>
      defineTool({ name: "t", description: "", input, handler: (args) => toolResult({ structured: args }) });
    const loose = of(z.looseObject({ a: z.string() }));
    const numbers = of(z.object({}).catchall(z.number()));
    expect(loose.inputSchema).toMatchObject({ additionalProperties: {} });
    expect(numbers.inputSchema).toMatchObject({ additionalProperties: { type: "number" } });
    expect(await loose.call({ a: "x", b: 1 }, context)).toMatchObject({
      structuredContent: { a: "x", b: 1 },
    });
    expect(await numbers.call({ b: 1 }, context)).toMatchObject({ structuredContent: { b: 1 } });
    await expect(numbers.call({ b: "1" }, context)).rejects.toThrow(/b: /);
    await expect(of(z.object({})).call({ b: 1 }, context)).rejects.toThrow(/"b"/);
  });

  it("refuses a schema JSON has no word for, naming the tool", () => {
    const input = z.object({ when: z.date() });
    expect(() => defineTool({ name: "late", description: "", input, handler: () => "" })).toThrow(/"late"/);
  });
});

describe("definePrompt", () => {
  const prompt = definePrompt({
    name: "greet",
    description: "Greets.",
    input: z.object({ who: z.string().describe("Whom"), style: z.string().optional() }),
    handler: ({ who, style }) => `Greet ${who}${style ?? ""}`,
  });

  it("lists arguments with their descriptions", () => {
    expect(prompt.arguments).toEqual([
      { name: "who", description: "Whom", required: true },
      { name: "style", required: false },
    ]);
  });

  it("turns text into a user message and refuses missing arguments", async () => {
    const { messages } = await prompt.get({ who: "Ada" }, context);
    expect(messages).toEqual([{ role: "user", content: { type: "text", text: "Greet Ada" } }]);
    await expect(prompt.get({}, context)).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  });
});

describe("defineResource", () => {
  it("serves text and bytes", async () => {
    const text = defineResource({ name: "t", uri: "a://t", mimeType: "text/plain", handler: () => "hi" });
    expect(await text.read("a://t", context)).toEqual([{ uri: "a://t", mimeType: "text/plain", text: "hi" }]);
    const bytes = defineResource({ name: "b", uri: "a://b", handler: () => new Uint8Array([1, 2]) });
    expect(await bytes.read("a://b", context)).toEqual([{ uri: "a://b", blob: "AQI=" }]);
  });

  it("needs exactly one of uri and uriTemplate", () => {
    expect(() => defineResource({ name: "x", handler: () => "" })).toThrow(/uri or a uriTemplate/);
  });
});

describe("errorOf", () => {
  it("reads only a whole record", () => {
    expect(errorOf({ content: [] })).toBeUndefined();
    expect(errorOf({ content: [], _meta: { "parley/error": { code: 1, message: "m" } } })).toBeUndefined();
    const record = { code: "E_X", message: "m", retryable: true, details: { a: 1 } };
    expect(errorOf({ content: [], _meta: { "parley/error": record } })).toEqual(record);
  });
});
