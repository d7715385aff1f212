import {
  ask,
  audio,
  createAsking,
  definePrompt,
  defineResource,
  defineTool,
  embeddedResource,
  image,
  type Questions,
  resourceLink,
  toolContext,
} from "@parley/tool-registry";
import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";

const formOf = (schema: z.ZodObject) => ask.form({ message: "m", schema }).params["requestedSchema"];

describe("forms", () => {
  it("shows every shape a form knows", () => {
    const titled = z.union([z.literal("a").meta({ title: "A" }), z.literal("b")]);
    const schema = z.object({
      text: z.string().min(1).max(9).describe("d").default("x"),
      mail: z.email(),
      day: z.iso.date().optional(),
      count: z.int().min(1),
      share: z.number().default(0.5),
      yes: z.boolean(),
      one: z.enum(["a", "b"]),
      only: z.literal("a"),
      named: titled,
      many: z.array(z.enum(["a", "b"])),
      manyNamed: z.array(titled).max(2),
    });
    const choices = [
      { const: "a", title: "A" },
      { const: "b", title: "b" },
    ];
    expect(formOf(schema)).toEqual({
      type: "object",
      properties: {
        text: { type: "string", minLength: 1, maxLength: 9, description: "d", default: "x" },
        mail: { type: "string", format: "email" },
        day: { type: "string", format: "date" },
        count: { type: "integer", minimum: 1 },
        share: { type: "number", default: 0.5 },
        yes: { type: "boolean" },
        one: { type: "string", enum: ["a", "b"] },
        only: { type: "string", enum: ["a"] },
        named: { type: "string", oneOf: choices },
        many: { type: "array", items: { type: "string", enum: ["a", "b"] } },
        manyNamed: { type: "array", items: { anyOf: choices }, maxItems: 2 },
      },
      required: ["mail", "count", "yes", "one", "only", "named", "many", "manyNamed"],
    });
  });

  it.each([
    ["an object", z.object({ inner: z.object({ a: z.string() }) })],
    ["a list of texts", z.object({ inner: z.array(z.string()) })],
    ["a nullable", z.object({ inner: z.string().nullable() })],
    ["a mixed union", z.object({ inner: z.union([z.string(), z.number()]) })],
  ])("refuses %s and names it", (_what, schema) => {
    expect(() => formOf(schema)).toThrow(/"inner" must be/);
  });

  it("passes a schema of its own kind as it stands, and reads any content", () => {
    const schema = { type: "object", properties: { x: { type: "string" } } };
    const question = ask.form({ message: "m", schema });
    expect(question.params["requestedSchema"]).toBe(schema);
    expect(question.read({ action: "accept", content: { y: 1 } })).toEqual({
      action: "accept",
      content: { y: 1 },
    });
  });
});

describe("answers", () => {
  const form = ask.form({ message: "m", schema: z.object({ n: z.number().default(7) }) });
  it("are read and checked", () => {
    expect(form.read({ action: "accept", content: {} })).toEqual({ action: "accept", content: { n: 7 } });
    expect(form.read({ action: "accept" })).toEqual({ action: "accept", content: { n: 7 } });
    expect(form.read({ action: "cancel", content: { n: 1 } })).toEqual({ action: "cancel" });
    expect(form.read({ action: "accept", content: { n: "1" } })).toBeUndefined();
    expect(ask.url({ message: "m", url: "https://x.example" }).read({ action: "accept" })).toEqual({
      action: "accept",
    });
    expect(ask.roots().read({ roots: [{ uri: "file:///a", name: "a" }, { name: "no uri" }, 1] })).toEqual([
      { uri: "file:///a", name: "a" },
    ]);
    const model = ask.model({ prompt: "p" });
    expect(model.params).toMatchObject({ maxTokens: 1000, messages: [{ role: "user" }] });
    const text = { type: "text", text: "hi" };
    expect(model.read({ role: "assistant", model: "m", content: [text, text] })).toMatchObject({
      text: "hi\nhi",
    });
    expect(
      model.read({ role: "assistant", content: { type: "audio", data: "", mimeType: "a/b" } }),
    ).toMatchObject({
      text: "",
    });
  });

  it("of any other shape are no answers, and never throw", () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        for (const question of [form, ask.roots(), ask.model({ prompt: "p" })]) {
          const known =
            typeof raw === "object" &&
            raw !== null &&
            ("action" in raw || "roots" in raw || "content" in raw);
          if (!known) expect(question.read(raw)).toBeUndefined();
          else question.read(raw);
        }
      }),
    );
  });

  it("have the types of their questions", async () => {
    const context = toolContext({ input: async () => ({}) as never });
    expectTypeOf(context.elicit<z.ZodObject<{ a: z.ZodNumber }>>).returns.resolves.toEqualTypeOf<
      | { readonly action: "accept"; readonly content: { a: number } }
      | { readonly action: "decline" | "cancel"; readonly content?: undefined }
    >();
    expect(await context.input({ form })).toEqual({});
  });
});

describe("asking", () => {
  it("keys a question by its text, and a repeated one anew", async () => {
    const keys: string[] = [];
    const asking = createAsking({
      canAsk: () => true,
      once: async (_key, produce) => await produce(),
      input: async (questions: Questions) => {
        keys.push(...Object.keys(questions));
        return Object.fromEntries(Object.keys(questions).map((key) => [key, []])) as never;
      },
    });
    await asking.roots();
    await asking.roots();
    await asking.sample({ prompt: "a" });
    await asking.sample({ prompt: "b" });
    expect(new Set(keys).size).toBe(4);
    expect(keys[1]).toBe(`${keys[0]}_2`);
  });

  it("is refused where there is no client, unless a test answers", async () => {
    const greets = defineTool({
      name: "greets",
      description: "Greets.",
      input: z.object({}),
      handler: async (_args, context) => {
        if (!context.canAsk("form")) return "nobody";
        const answer = await context.elicit({ message: "Who?", schema: z.object({ name: z.string() }) });
        return `Hello, ${answer.content?.name}`;
      },
    });
    expect(await greets.call({}, toolContext())).toMatchObject({ content: [{ text: "nobody" }] });
    await expect(toolContext().roots()).rejects.toMatchObject({ code: "E_INPUT_UNSUPPORTED" });
    expect(await toolContext().once("k", () => 1)).toBe(1);
    const context = toolContext({
      input: async (questions) =>
        Object.fromEntries(
          Object.entries(questions).map(([key, question]) => [
            key,
            question.read({ action: "accept", content: { name: "Ada" } }),
          ]),
        ) as never,
    });
    expect(await greets.call({}, context)).toMatchObject({ content: [{ text: "Hello, Ada" }] });
  });
});

it("builds content of every kind", () => {
  const bytes = Uint8Array.of(1, 2);
  expect(image(bytes, "image/png", { priority: 1 })).toEqual({
    type: "image",
    data: "AQI=",
    mimeType: "image/png",
    annotations: { priority: 1 },
  });
  expect(audio("AQI=", "audio/wav")).toEqual({ type: "audio", data: "AQI=", mimeType: "audio/wav" });
  expect(embeddedResource({ uri: "a:b", data: "t" })).toEqual({
    type: "resource",
    resource: { uri: "a:b", text: "t" },
  });
  expect(embeddedResource({ uri: "a:b", mimeType: "x/y", data: bytes })).toMatchObject({
    resource: { blob: "AQI=", mimeType: "x/y" },
  });
  expect(resourceLink({ uri: "a:b", name: "n" })).toEqual({ type: "resource_link", uri: "a:b", name: "n" });
});

it("completes from lists and functions", async () => {
  const prompt = definePrompt({
    name: "p",
    description: "P.",
    input: z.object({ a: z.string(), b: z.string() }),
    complete: { a: ["One", "two"], b: (typed, { a }) => [`${a}${typed}`] },
    handler: () => "p",
  });
  expect(await prompt.complete?.("a", "o", {})).toEqual(["One"]);
  expect(await prompt.complete?.("b", "x", { a: "1" })).toEqual(["1x"]);
  expect(await prompt.complete?.("toString", "x", {})).toEqual([]);
  const resource = defineResource({
    name: "r",
    uriTemplate: "r://{id}",
    complete: { id: ["7"] },
    handler: () => "",
  });
  expect(await resource.complete?.("id", "", {})).toEqual(["7"]);
});
