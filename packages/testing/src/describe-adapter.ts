import { createRegistry, errorOf, toolContext } from "@parley/tool-registry";
import type { Registry, ToolResult } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";
import {
  annotationFaults,
  confirmFaults,
  descriptionFaults,
  nameFaults,
  outputFaults,
  promptFaults,
  resultFaults,
  secretFaults,
} from "./adapter-faults.ts";
import type { AdapterSuite, AdapterUnderTest, AdapterVariant } from "./adapter-suite.ts";

/** The conformance suite of tool adapters. */
export function describeAdapter(suite: AdapterSuite): void {
  describe(`${suite.name} as an adapter`, () => {
    describeDefinitions(suite);
    describeArguments(suite);
    describeReadOnly(suite);
    describeVariants(suite);
    describeRefusals(suite);
    describeFailures(suite);
    describeCalls(suite);
    describeCancelling(suite);
  });
}

async function using(
  suite: AdapterSuite,
  variant: AdapterVariant,
  use: (registry: Registry, adapter: AdapterUnderTest) => void | Promise<void>,
): Promise<void> {
  const adapter = await suite.create(variant);
  try {
    const registry = createRegistry();
    registry.replace(adapter.origin, { tools: adapter.tools, prompts: adapter.prompts ?? [] });
    await use(registry, adapter);
  } finally {
    await adapter.close?.();
  }
}

function everything(suite: AdapterSuite): AdapterVariant {
  return suite.toolsets === undefined ? {} : { toolsets: Object.keys(suite.toolsets) };
}

function describeDefinitions(suite: AdapterSuite): void {
  const all = everything(suite);

  it("has names that are unique and that every client takes", async () => {
    await using(suite, all, (_registry, { tools, prompts = [] }) => {
      expect(tools.length).toBeGreaterThan(0);
      expect([...nameFaults(tools), ...nameFaults(prompts)]).toEqual([]);
    });
  });

  it("describes every tool, prompt and argument, each argument of a tool with an example", async () => {
    await using(suite, all, (_registry, { tools, prompts = [] }) => {
      expect([...tools.flatMap(descriptionFaults), ...prompts.flatMap(promptFaults)]).toEqual([]);
    });
  });

  it("says of every tool whether it reads, destroys, repeats and reaches out, and asks more than read for what acts", async () => {
    await using(suite, all, (_registry, { tools }) => {
      expect(tools.flatMap(annotationFaults)).toEqual([]);
    });
  });

  it("promises a shape for every answer but those of text alone", async () => {
    await using(suite, all, (_registry, { tools }) => {
      const { plain = [] } = suite;
      expect(tools.flatMap((tool) => outputFaults(tool, plain))).toEqual([]);
    });
  });

  it("has a call of every tool in this suite", async () => {
    const { working = [], failing = [], destructive = {} } = suite;
    const called = new Set([
      ...[...working, ...failing].map(({ tool }) => tool),
      ...Object.keys(destructive),
    ]);
    await using(suite, all, (_registry, { tools }) => {
      expect(tools.map(({ name }) => name).filter((name) => !called.has(name))).toEqual([]);
    });
  });
}

function describeArguments(suite: AdapterSuite): void {
  const all = everything(suite);

  it("refuses arguments it does not know", async () => {
    await using(suite, all, async (registry, { tools }) => {
      for (const { name } of tools) {
        const result = await registry.call(name, { "not an argument": 1 }, toolContext());
        expect([name, errorOf(result)?.code]).toEqual([name, "E_ARGUMENT_INVALID"]);
      }
    });
  });

  it("takes a prefix", async () => {
    await using(suite, { ...all, prefix: "x_" }, (_registry, { tools, prompts = [] }) => {
      const named = [...tools, ...prompts];
      expect(named.filter(({ name }) => !name.startsWith("x_")).map(({ name }) => name)).toEqual([]);
      expect([...nameFaults(tools), ...nameFaults(prompts)]).toEqual([]);
    });
  });
}

function describeReadOnly(suite: AdapterSuite): void {
  if (suite.readOnly !== true) return;
  it("hides what acts in read-only mode", async () => {
    await using(suite, { ...everything(suite), readOnly: true }, async (registry, { tools }) => {
      expect(tools.length).toBeGreaterThan(0);
      const acting = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true);
      expect(acting.map(({ name }) => name)).toEqual([]);
      for (const [tool, args] of Object.entries(suite.destructive ?? {})) {
        const called = registry.call(tool, { ...args, confirm: true }, toolContext());
        await expect(called).rejects.toMatchObject({ code: "E_TOOL_UNKNOWN" });
      }
    });
  });
}

function describeVariants(suite: AdapterSuite): void {
  const { toolsets } = suite;
  if (toolsets === undefined) return;
  it.each(Object.entries(toolsets))("serves the toolset %s alone", async (toolset, expected) => {
    await using(suite, { toolsets: [toolset] }, (_registry, { tools }) => {
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining([...expected]));
    });
  });

  it("puts each tool into one toolset", async () => {
    const names: string[] = [];
    for (const toolset of Object.keys(toolsets)) {
      await using(suite, { toolsets: [toolset] }, (_registry, { tools }) => {
        names.push(...tools.map(({ name }) => name));
      });
    }
    await using(suite, everything(suite), (_registry, { tools }) => {
      expect(names.toSorted()).toEqual(tools.map(({ name }) => name).toSorted());
    });
  });
}

function describeRefusals(suite: AdapterSuite): void {
  const { destructive = {}, world = () => undefined } = suite;
  it("takes a confirmation in every destructive tool", async () => {
    await using(suite, everything(suite), (_registry, { tools }) => {
      const destroying = tools.filter(({ annotations }) => annotations?.destructiveHint === true);
      expect(Object.keys(destructive).toSorted()).toEqual(destroying.map(({ name }) => name).toSorted());
      expect(tools.flatMap(confirmFaults)).toEqual([]);
    });
  });

  if (Object.keys(destructive).length === 0) return;
  it.each(Object.entries(destructive))(
    "does nothing in %s without confirm: true, and says what it would do",
    async (tool, args) => {
      await using(suite, everything(suite), async (registry) => {
        for (const refused of [args, { ...args, confirm: false }]) {
          const before = structuredClone(world());
          const result = await registry.call(tool, refused, toolContext());
          expect(errorOf(result)?.code).toBe("E_CONFIRM_REQUIRED");
          expect(textOf(result)).toMatch(/would\b.*confirm: true/s);
          expect(world()).toEqual(before);
          expect(secretFaults(tool, result, suite.secrets ?? [])).toEqual([]);
        }
        const went = await registry.call(tool, { ...args, confirm: true }, toolContext());
        expect(errorOf(went)?.code).not.toBe("E_CONFIRM_REQUIRED");
        expect(secretFaults(tool, went, suite.secrets ?? [])).toEqual([]);
      });
    },
  );
}

function describeFailures(suite: AdapterSuite): void {
  const { failing = [] } = suite;
  if (failing.length === 0) return;
  it.each(failing)("fails $tool with $code", async ({ tool, args, code }) => {
    await using(suite, everything(suite), async (registry) => {
      const result = await registry.call(tool, args, toolContext());
      expect(result.isError).toBe(true);
      expect(errorOf(result)).toMatchObject({ code, message: expect.stringMatching(/\S/) });
      expect(secretFaults(tool, result, suite.secrets ?? [])).toEqual([]);
    });
  });
}

function describeCalls(suite: AdapterSuite): void {
  const { working = [] } = suite;
  if (working.length === 0) return;
  it.each(working)(
    "answers $tool with text, and structured content where it promises that",
    async ({ tool, args }) => {
      await using(suite, everything(suite), async (registry, { tools }) => {
        const result = await registry.call(tool, args, toolContext());
        expect([textOf(result), result.isError ?? false]).toEqual([expect.any(String), false]);
        const promised = tools.find(({ name }) => name === tool)?.outputSchema !== undefined;
        expect(result.structuredContent !== undefined).toBe(promised);
        expect([...resultFaults(tool, result), ...secretFaults(tool, result, suite.secrets ?? [])]).toEqual(
          [],
        );
      });
    },
  );
}

/** Within this time a call whose caller has gone must end, in milliseconds. */
const giveUpMs = 3000;

function describeCancelling(suite: AdapterSuite): void {
  const { cancellable = [] } = suite;
  if (cancellable.length === 0) return;
  it.each(cancellable)("ends $tool when its caller gives up", async ({ tool, args }) => {
    await using(suite, everything(suite), async (registry) => {
      const stop = new AbortController();
      const called = registry.call(tool, args, toolContext({ signal: stop.signal }));
      const timer = setTimeout(() => stop.abort(), 50);
      const late = new Promise<"late">((resolve) => setTimeout(resolve, giveUpMs, "late").unref());
      const came = await Promise.race([called, late]);
      clearTimeout(timer);
      expect(came === "late" ? came : errorOf(came)?.code).toBe("E_INTERRUPTED");
    });
  });
}

function textOf({ content }: ToolResult): unknown {
  return content[0]?.["text"];
}
