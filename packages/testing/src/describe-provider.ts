import { Facts, ParleyError, ProbeStatus } from "@parley/core";
import type { FactsQuery, PartialFacts, Provider, ProviderContext } from "@parley/providers";
import { describe, expect, test } from "vitest";
import { type FakeHostOptions, fakeHost } from "./fake-host.ts";

/** What {@link describeProvider} runs. */
export interface ProviderSuite {
  readonly create: (context: ProviderContext) => Provider;
  /** A machine on which the thing is there. */
  readonly present: FakeHostOptions;
  /** Asked in the tests of facts. */
  readonly query?: FactsQuery | undefined;
  /** True for what every machine has, such as a processor; then nothing is tested about absence. */
  readonly always?: boolean | undefined;
  /** How often the world was changed so far; a suite without it checks only what was run. */
  readonly acts?: (() => number) | undefined;
}

const noQuestion: FactsQuery = { software: [], paths: [] };

/** What no argument may carry into a command line. */
const hostile = ["--help", "-rf", "$(id)", "; id", "a\nb", "`id`", "../../etc", ""];

/** The contract of a provider. */
export function describeProvider(name: string, suite: ProviderSuite): void {
  const { create, present, query = noQuestion, always = false } = suite;

  describe(`provider ${name}`, () => {
    test.skipIf(always)("is absent from a machine with nothing, and runs nothing to find out", async () => {
      const host = fakeHost();
      const probed = await create(host).probe();
      expect(probed.status).toBe("absent");
      expect(host.calls).toEqual([]);
      expect(await create(host).facts(query)).toEqual({});
      expect(host.calls).toEqual([]);
    });

    test("is present where the thing is, under its own name", async () => {
      const provider = create(fakeHost(present));
      expect(provider.name).toBe(name);
      expect(["present", "empty"]).toContain((await provider.probe()).status);
    });

    describeProbe(suite);
    describeFacts(suite, query);
    describeTools(suite);

    test("has metadata that JSON can say", async () => {
      const metadata = await create(fakeHost(present)).metadata();
      expect(() => JSON.stringify(metadata)).not.toThrow();
      expect(Object.keys(metadata).length).toBeGreaterThan(0);
    });
  });
}

/** The machine with every command answering the same. */
function broken(present: FakeHostOptions, answer: Parameters<typeof answering>[1]): FakeHostOptions {
  return { ...present, commands: answering(present, answer) };
}

function answering(
  { commands = {} }: FakeHostOptions,
  answer: NonNullable<FakeHostOptions["commands"]>[string],
): FakeHostOptions["commands"] {
  return Object.fromEntries(Object.keys(commands).map((line) => [line, answer]));
}

function describeProbe({ create, present }: ProviderSuite): void {
  test.each([
    ["fails without a word", { exitCode: 1 }],
    ["prints garbage", { stdout: "\u0000\u001b[31m{]\n", stderr: "\u0007" }],
    ["prints nothing", {}],
    ["is not permitted", { exitCode: 1, stderr: "permission denied" }],
    ["disappears", { exitCode: 127 }],
  ])("probes to a status when every command %s", async (_case, answer) => {
    const probed = await create(fakeHost(broken(present, answer))).probe();
    expect(ProbeStatus.options).toContain(probed.status);
    // oxlint-disable-next-line no-control-regex -- what must not occur
    expect(probed.detail ?? "").not.toMatch(/[\u0000-\u001f]/);
  });

  test("probes and ends when it is aborted", async () => {
    const host = fakeHost(broken(present, { hangs: true }));
    const controller = new AbortController();
    const probing = create(host).probe({ signal: controller.signal });
    controller.abort();
    expect(ProbeStatus.options).toContain((await probing).status);
  });
}

function describeFacts({ create, present }: ProviderSuite, query: FactsQuery): void {
  test("states facts that each have evidence", async () => {
    const provider = create(fakeHost(present));
    const part = await provider.facts(query);
    const evidence = Facts.shape.evidence.parse(part.evidence ?? []);
    const ids = evidence.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const item of itemsOf(part)) expect(ids).toContain(item.evidence);
    for (const entry of evidence) {
      expect(entry.provider).toBe(provider.name);
      expect(entry.scope).toBe(provider.scope);
      expect(provider.tools.map((tool) => tool.name)).toContain(entry.tool);
    }
    expect(() =>
      Facts.parse({ schema: "facts/1", workerId: "w", observedAt: "2026-01-01T00:00:00Z", ...part }),
    ).not.toThrow();
  });

  test("states facts of one shape again and again", async () => {
    const provider = create(fakeHost(present));
    expect(await provider.facts(query)).toEqual(await provider.facts(query));
  });

  test("ends its facts when it is aborted", async () => {
    const controller = new AbortController();
    const asking = create(fakeHost(broken(present, { hangs: true }))).facts(query, {
      signal: controller.signal,
    });
    controller.abort();
    const outcome = await asking.then(
      () => "answered",
      (error: unknown) => (ParleyError.isInstance(error) ? "refused" : error),
    );
    expect(["answered", "refused"]).toContain(outcome);
  });
}

function itemsOf(part: PartialFacts): readonly { readonly evidence?: string | undefined }[] {
  const { workloads, software, mpi, containers, fabrics, storage, hardware } = part;
  return [
    ...(workloads ?? []),
    ...(software ?? []),
    ...(mpi ?? []),
    ...(containers ?? []),
    ...(fabrics ?? []),
    ...(storage ?? []),
    ...(hardware ?? []),
  ];
}

function describeTools({ create, present, acts = () => 0 }: ProviderSuite): void {
  test("describes its tools and each of their arguments", () => {
    const { tools } = create(fakeHost(present));
    expect(tools.length).toBeGreaterThan(0);
    expect(new Set(tools.map((tool) => tool.name)).size).toBe(tools.length);
    for (const tool of tools) {
      expect(tool.name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(tool.description).toMatch(/.{20}/);
      for (const [argument, schema] of Object.entries(tool.input.shape)) {
        expect({ tool: tool.name, argument, description: schema.description }).toMatchObject({
          description: expect.stringMatching(/.{10}/),
        });
      }
    }
  });

  test("answers observe tools with objects, and changes nothing by it", async () => {
    const provider = create(fakeHost(present));
    const before = acts();
    for (const tool of provider.tools.filter(({ kind }) => kind === "observe")) {
      if (!tool.input.safeParse({}).success) continue;
      const answer = await tool.handler({}, {});
      expect(answer).toBeTypeOf("object");
      expect(() => JSON.stringify(answer)).not.toThrow();
    }
    expect(acts()).toBe(before);
  });

  test("lets no argument become an option or a shell word", async () => {
    for (const text of hostile) {
      const host = fakeHost(present);
      for (const tool of create(host).tools.filter(({ kind }) => kind === "observe")) {
        const args = Object.fromEntries(Object.keys(tool.input.shape).map((argument) => [argument, text]));
        const outcome = await tool.handler(args, {}).catch((error: unknown) => error);
        const typed = !(outcome instanceof Error) || ParleyError.isInstance(outcome);
        expect(typed, `${tool.name} threw ${String(outcome)}`).toBe(true);
      }
      const words = host.calls.flatMap((argv) => argv.slice(1));
      const carried = text === "" ? [] : words.filter((word) => word.includes(text));
      expect(carried).toEqual([]);
    }
  });
}
