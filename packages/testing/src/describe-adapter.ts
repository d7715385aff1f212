import { createRegistry, errorOf, toolContext, toolNamePattern } from "@parley/tool-registry";
import type { JsonSchema, Prompt, Registry, Tool, ToolResult } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";

/** What an adapter hands to a registry. */
export interface AdapterUnderTest {
  readonly origin: string;
  readonly tools: readonly Tool[];
  readonly prompts?: readonly Prompt[] | undefined;
  /** Called after each test. */
  readonly close?: (() => void | Promise<void>) | undefined;
}

/** How the suite asks for an adapter. Absent means the adapter's default. */
export interface AdapterVariant {
  readonly prefix?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly toolsets?: readonly string[] | undefined;
}

/** What {@link describeAdapter} runs. */
export interface AdapterSuite {
  readonly name: string;
  /** Called for every test, with a world of its own. */
  create(variant: AdapterVariant): AdapterUnderTest | Promise<AdapterUnderTest>;
  /** Toolsets of the adapter with some tools each has; all of them together must be every tool there is. */
  readonly toolsets?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Whether the adapter has a read-only mode. */
  readonly readOnly?: boolean | undefined;
  /** For each destructive tool, arguments that need a confirmation and lack it. */
  readonly destructive?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /** A picture of the adapter's world, compared before and after a refused call. */
  readonly world?: (() => unknown) | undefined;
  /** Calls that fail, with the code each carries. */
  readonly failing?: readonly AdapterFailure[] | undefined;
  /** Calls that succeed; tools with an output schema answer structured content and text. */
  readonly working?: readonly AdapterCall[] | undefined;
}

/** A call of a tool. */
export interface AdapterCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A call that fails. */
export interface AdapterFailure extends AdapterCall {
  readonly code: string;
}

/** The conformance suite of tool adapters. */
export function describeAdapter(suite: AdapterSuite): void {
  describe(`${suite.name} as an adapter`, () => {
    describeDefinitions(suite);
    describeAnnotations(suite);
    describeArguments(suite);
    describeReadOnly(suite);
    describeVariants(suite);
    describeRefusals(suite);
    describeFailures(suite);
    describeCalls(suite);
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
    await using(suite, all, (_registry, { tools }) => {
      const names = tools.map(({ name }) => name);
      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => !toolNamePattern.test(name))).toEqual([]);
    });
  });

  it("describes every tool and every argument, each argument with an example", async () => {
    await using(suite, all, (_registry, { tools, prompts = [] }) => {
      expect(tools.flatMap(undescribed)).toEqual([]);
      expect(prompts.filter(({ description = "" }) => description === "").map(({ name }) => name)).toEqual(
        [],
      );
    });
  });
}

function describeAnnotations(suite: AdapterSuite): void {
  const all = everything(suite);

  it("says of every tool whether it reads, destroys, repeats and reaches out", async () => {
    const hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;
    await using(suite, all, (_registry, { tools }) => {
      const missing = tools.flatMap(({ name, annotations = {} }) =>
        hints
          .filter((hint) => typeof annotations[hint] !== "boolean")
          // MCP reads the other two only of tools that act.
          .filter((hint) => !(annotations.readOnlyHint === true && hint === "destructiveHint"))
          .map((hint) => `${name} lacks ${hint}`),
      );
      expect(missing).toEqual([]);
      const mixed = tools.filter(
        ({ annotations: { readOnlyHint, destructiveHint } = {} }) => readOnlyHint && destructiveHint,
      );
      expect(mixed.map(({ name }) => name)).toEqual([]);
    });
  });

  it("asks more than read for what acts", async () => {
    await using(suite, all, (_registry, { tools }) => {
      const open = tools.filter(
        ({ annotations, scope = "read" }) => annotations?.readOnlyHint !== true && scope === "read",
      );
      expect(open.map(({ name }) => name)).toEqual([]);
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
      const bare = [...tools, ...prompts].filter(({ name }) => !name.startsWith("x_"));
      expect(bare.map(({ name }) => name)).toEqual([]);
    });
  });
}

function undescribed({ name, description = "", inputSchema }: Tool): string[] {
  const properties = recordOf(inputSchema["properties"]);
  const faults = Object.entries(properties).flatMap(([argument, schema]) => {
    const said = recordOf(schema)["description"];
    return typeof said === "string" && /\bfor example\b/i.test(said) ? [] : [`${name}.${argument}`];
  });
  return description === "" ? [name, ...faults] : faults;
}

function recordOf(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function describeReadOnly(suite: AdapterSuite): void {
  if (suite.readOnly !== true) return;
  it("hides what acts in read-only mode", async () => {
    await using(suite, { ...everything(suite), readOnly: true }, (_registry, { tools }) => {
      expect(tools.length).toBeGreaterThan(0);
      const acting = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true);
      expect(acting.map(({ name }) => name)).toEqual([]);
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
  it("names a confirmation for every destructive tool", async () => {
    await using(suite, everything(suite), (_registry, { tools }) => {
      const destroying = tools.filter(({ annotations }) => annotations?.destructiveHint === true);
      expect(Object.keys(destructive).toSorted()).toEqual(destroying.map(({ name }) => name).toSorted());
      const without = destroying.filter(
        ({ inputSchema }) => !("confirm" in recordOf(inputSchema["properties"])),
      );
      expect(without.map(({ name }) => name)).toEqual([]);
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
        }
        const went = await registry.call(tool, { ...args, confirm: true }, toolContext());
        expect(errorOf(went)?.code).not.toBe("E_CONFIRM_REQUIRED");
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
      });
    },
  );
}

function textOf({ content }: ToolResult): unknown {
  return content[0]?.["text"];
}
