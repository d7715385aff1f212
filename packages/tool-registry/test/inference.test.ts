import {
  createRegistry,
  defineEvents,
  definePrompt,
  defineResource,
  defineTool,
  type EventSink,
  toolContext,
} from "@parley/tool-registry";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";

const Input = z.object({
  count: z.coerce.number().int().default(1),
  mode: z.enum(["slow", "fast"]).optional(),
});
interface Args {
  count: number;
  mode?: "slow" | "fast" | undefined;
}
const context = toolContext();

describe("[LOAD-07] handlers get what their schema yields", () => {
  it("of a tool, and answer what its output takes", async () => {
    const tool = defineTool({
      name: "t",
      description: "T.",
      input: Input,
      output: z.object({ doubled: z.number() }),
      handler: (args) => {
        expectTypeOf(args).toEqualTypeOf<Args>();
        return { doubled: args.count * 2 };
      },
    });
    expect(await tool.call({ count: "2" }, context)).toMatchObject({ structuredContent: { doubled: 4 } });
    defineTool({
      name: "t",
      description: "T.",
      input: Input,
      output: z.object({ a: z.number() }),
      // @ts-expect-error the output schema wants a number
      handler: () => ({ a: "" }),
    });
  });

  it("of a prompt", async () => {
    const prompt = definePrompt({
      name: "p",
      description: "P.",
      input: Input,
      handler: (args) => {
        expectTypeOf(args).toEqualTypeOf<Args>();
        return `${args.count}`;
      },
    });
    expect(await prompt.get({ count: "3" }, context)).toMatchObject({
      messages: [{ content: { text: "3" } }],
    });
  });

  it("of a resource family, read from the URI", async () => {
    const family = defineResource({
      name: "r",
      uriTemplate: "jobs://{site}/{+path}{?count,mode}",
      input: Input.extend({ site: z.string(), path: z.string() }),
      handler: (args, { uri }) => {
        expectTypeOf(args.count).toEqualTypeOf<number>();
        expectTypeOf(args.site).toEqualTypeOf<string>();
        expectTypeOf(args).not.toHaveProperty("uri");
        return JSON.stringify({ ...args, uri });
      },
    });
    const read = async (uri: string) => JSON.parse((await family.read(uri, context))[0]?.text ?? "");
    expect(await read("jobs://a%20b/x/y?mode=fast&count=2")).toEqual({
      site: "a b",
      path: "x/y",
      count: 2,
      mode: "fast",
      uri: "jobs://a%20b/x/y?mode=fast&count=2",
    });
    expect(await read("jobs://s/p")).toMatchObject({ site: "s", path: "p", count: 1 });
    await expect(read("jobs://s")).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    await expect(read("jobs://s/p?mode=sideways")).rejects.toThrow(/mode/);
    await expect(read(`jobs://s/${"p".repeat(9000)}`)).rejects.toThrow(/does not fit/);
  });

  it("of a source of events, whose parameters are checked", async () => {
    const heard: unknown[] = [];
    const source = defineEvents({
      name: "e",
      description: "E.",
      input: Input,
      subscribe: (args, sink) => {
        expectTypeOf(args).toEqualTypeOf<Args>();
        expectTypeOf(sink).toEqualTypeOf<EventSink>();
        sink.emit(args);
      },
    });
    const sink: EventSink = {
      signal: new AbortController().signal,
      emit: (data) => heard.push(data),
      fail: (error) => heard.push(error),
    };
    await source.subscribe({ count: "4" }, sink);
    expect(heard).toEqual([{ count: 4 }]);
    await expect(source.subscribe({ other: 1 }, sink)).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    expect(source.parameters).toMatchObject({ properties: { count: { default: 1 } } });
    const registry = createRegistry();
    registry.addEvents(source);
    expect(() => registry.addEvents(source)).toThrow(/Two event sources are named "e"/);
  });
});
