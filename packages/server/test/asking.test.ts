import { setTimeout as sleep } from "node:timers/promises";
import {
  ask,
  definePrompt,
  defineResource,
  defineTool,
  type Registry,
  type Tool,
} from "@parley/tool-registry";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { connections } from "./_asking.ts";
import { registryOf } from "./support.ts";

const nothing = z.object({});
const name = z.object({ name: z.string().min(2) });
const accept = (content: Record<string, string>) => ({ action: "accept" as const, content });

function tool(named: string, handler: Parameters<typeof defineTool<typeof nothing>>[0]["handler"]): Tool {
  return defineTool({ name: named, description: "Asks.", input: nothing, handler });
}

/** Counts what ran, so that a test sees that a run began anew and what it did not repeat. */
function askingRegistry() {
  const ran = { runs: 0, steps: 0 };
  const registry = registryOf([
    tool("greets", async (_args, context) => {
      const answer = await context.elicit({ message: "Who?", schema: name });
      return answer.action === "accept" ? `Hello, ${answer.content.name}` : `You ${answer.action}`;
    }),
    tool("twice", async (_args, context) => {
      ran.runs += 1;
      const step = await context.once("step", () => {
        ran.steps += 1;
        return { at: ran.steps };
      });
      const first = await context.elicit({ message: "First?", schema: name });
      const second = await context.elicit({ message: "Second?", schema: name });
      return `${step.at}: ${first.content?.name} and ${second.content?.name}`;
    }),
    tool("again", async (_args, context) => {
      for (;;) {
        const answer = await context.elicit({ message: "A name with z?", schema: name });
        if (answer.content?.name.includes("z") === true) return answer.content.name;
      }
    }),
    tool("together", async (_args, context) => {
      const [who, said, roots] = await Promise.all([
        context.elicit({ message: "Who?", schema: name }),
        context.sample({ prompt: "Say hi", maxTokens: 5 }),
        context.roots(),
      ]);
      return `${who.content?.name}, ${said.text} (${said.model}), ${roots.map(({ uri }) => uri).join()}`;
    }),
    tool("swallows", async (_args, context) => {
      try {
        return (await context.elicit({ message: "Who?", schema: name })).content?.name;
      } catch {
        return "it swallowed the question";
      }
    }),
    tool("degrades", (_args, context) => (context.canAsk("form") ? "can ask" : "cannot ask")),
    tool("says", async (_args, context) => {
      context.log("debug", "small", "mine");
      context.log("error", { what: "big" });
      await sleep(20);
      return "said";
    }),
  ]);
  registry.addPrompt(
    definePrompt({
      name: "asks",
      description: "Asks.",
      input: z.object({}),
      handler: async (_args, context) =>
        `For ${(await context.elicit({ message: "Who?", schema: name })).content?.name}`,
    }),
  );
  registry.addPrompt(
    definePrompt({
      name: "completes",
      description: "Completes.",
      input: z.object({ city: z.string(), other: z.string().optional() }),
      complete: { city: ["Paris", "parma", "Rome"] },
      handler: ({ city }) => city,
    }),
  );
  registry.addResource(
    defineResource({
      name: "secret",
      uri: "test://secret",
      handler: async (_uri, context) => {
        const { word } = await context.input({
          word: ask.form({
            message: "The word?",
            schema: { type: "object", properties: { word: { type: "string" } } },
          }),
        });
        return `the word is ${String(word.content?.["word"])}`;
      },
    }),
  );
  return { registry, ran };
}

const textOf = ({ content }: { content: unknown }): unknown => (content as { text: string }[])[0]?.text;

describe.each(connections)("[CONF-01 CONF-02] %s", (title, connect) => {
  it("asks the user, and sees a refusal", async () => {
    const { registry } = askingRegistry();
    const client = await connect(registry, { form: () => accept({ name: "Ada" }) });
    expect(textOf(await client.call("greets"))).toBe("Hello, Ada");
    expect(client.asked).toMatchObject([
      { message: "Who?", requestedSchema: { type: "object", properties: { name: { type: "string" } } } },
    ]);
    const shy = await connect(registry, { form: () => ({ action: "decline" }) });
    expect(textOf(await shy.call("greets"))).toBe("You decline");
  });

  it("keeps earlier answers and what once() made, while the handler runs anew", async () => {
    const { registry, ran } = askingRegistry();
    const client = await connect(registry, { form: (message) => accept({ name: message }) });
    expect(textOf(await client.call("twice"))).toBe("1: First? and Second?");
    expect(ran).toEqual({ runs: 3, steps: 1 });
  });

  it("asks again for an answer that does not fit, and for the same question asked again", async () => {
    const { registry } = askingRegistry();
    const client = await connect(registry, {
      form: (_message, round) => accept({ name: "x".repeat(round) }),
    });
    expect(textOf(await client.call("greets"))).toBe("Hello, xx");
    const other = await connect(registry, {
      form: (_message, round) => accept({ name: `n${round > 2 ? "z" : ""}` }),
    });
    expect(textOf(await other.call("again"))).toBe("nz");
    expect(other.asked).toHaveLength(3);
  });

  it("asks user, model and client in one exchange", async () => {
    const { registry } = askingRegistry();
    const client = await connect(registry, {
      form: () => accept({ name: "Ada" }),
      model: () => ({ role: "assistant", model: "m1", content: { type: "text", text: "hi" } }),
      roots: [{ uri: "file:///work" }],
    });
    expect(textOf(await client.call("together"))).toBe("Ada, hi (m1), file:///work");
  });

  it("asks even where a handler catches everything", async () => {
    const { registry } = askingRegistry();
    const client = await connect(registry, { form: () => accept({ name: "Ada" }) });
    expect(textOf(await client.call("swallows"))).toBe("Ada");
  });

  it("asks from prompts and resources", async () => {
    const { registry } = askingRegistry();
    const client = await connect(registry, {
      form: (message) => accept(message === "Who?" ? { name: "Ada" } : { word: "xyzzy" }),
    });
    expect(JSON.stringify(await client.prompt("asks"))).toContain("For Ada");
    expect(JSON.stringify(await client.read("test://secret"))).toContain("the word is xyzzy");
  });

  it("[CONF-03] refuses where the client cannot be asked, and lets a tool do without", async () => {
    const { registry } = askingRegistry();
    const client = await connect(registry);
    expect(textOf(await client.call("degrades"))).toBe("cannot ask");
    const refused = client.call("greets");
    if (title.includes("2026")) {
      await expect(refused).rejects.toMatchObject({
        code: -32_021,
        data: { requiredCapabilities: { elicitation: { form: {} } } },
      });
    } else {
      expect(await refused).toMatchObject({
        isError: true,
        _meta: { "parley/error": { code: "E_INPUT_UNSUPPORTED" } },
      });
    }
    await expect(client.prompt("asks")).rejects.toThrow(/elicitation/);
  });

  it("[CONF-04] logs at the level the client asked for", async () => {
    const { registry } = askingRegistry();
    const client = await connect(registry);
    await client.setLevel("error");
    await client.call("says");
    await vi.waitFor(() => expect(client.logs).toMatchObject([{ level: "error", data: { what: "big" } }]));
    await client.setLevel("debug");
    await client.call("says");
    await vi.waitFor(() => expect(client.logs).toHaveLength(3));
    expect(client.logs[1]).toMatchObject({ level: "debug", logger: "mine", data: "small" });
  });

  it("[CONF-05] completes arguments", async () => {
    const client = await connect(askingRegistry().registry);
    const ref = { type: "ref/prompt", name: "completes" } as const;
    expect(await client.complete(ref, "city", "Par")).toMatchObject({
      completion: { values: ["Paris", "parma"], total: 2, hasMore: false },
    });
    expect(await client.complete(ref, "other", "x")).toMatchObject({ completion: { values: [] } });
    await expect(client.complete({ type: "ref/prompt", name: "nope" }, "x", "")).rejects.toMatchObject({
      code: -32_602,
    });
  });

  it("[CONF-06] hears of the resources it watches and no others, until it stops", async () => {
    const { registry } = askingRegistry();
    for (const name of ["watched", "other"]) {
      registry.addResource(defineResource({ name, uri: `test://${name}`, handler: () => name }));
    }
    const client = await connect(registry);
    const stop = await client.watch("test://watched");
    await touchUntilHeard(registry, client.updated);
    registry.touch("test://other");
    await stop();
    await sleep(60);
    const before = client.updated.length;
    registry.touch("test://watched");
    await sleep(80);
    expect(client.updated).toHaveLength(before);
    expect(new Set(client.updated)).toEqual(new Set(["test://watched"]));
  });
});

/** A client of a session may open its stream after it has subscribed. */
async function touchUntilHeard(registry: Registry, heard: readonly string[]): Promise<void> {
  await vi.waitFor(
    () => {
      registry.touch("test://watched");
      expect(heard.length).toBeGreaterThan(0);
    },
    { interval: 30, timeout: 5000 },
  );
}
