import type { Prompt, Tool, ToolResult } from "@parley/tool-registry";

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

/** What `describeAdapter` runs. */
export interface AdapterSuite {
  readonly name: string;
  /** Called for every test, with a world of its own. */
  create(variant: AdapterVariant): AdapterUnderTest | Promise<AdapterUnderTest>;
  /** Toolsets of the adapter with some tools each has; all of them together must be every tool there is. */
  readonly toolsets?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Whether the adapter has a read-only mode. */
  readonly readOnly?: boolean | undefined;
  /** Tools that answer text alone; every other one has an output schema, and a text that is more than its JSON. */
  readonly plain?: readonly string[] | undefined;
  /** For each destructive tool, arguments that need a confirmation and lack it. */
  readonly destructive?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /** A picture of the adapter's world, compared before and after a refused call. */
  readonly world?: (() => unknown) | undefined;
  /** Calls that fail, with the code each carries. */
  readonly failing?: readonly AdapterFailure[] | undefined;
  /** Calls that succeed. With the failing and destructive ones they must be of every tool there is. */
  readonly working?: readonly AdapterCall[] | undefined;
  /** Calls that wait for something: each must end at once when its caller gives up. */
  readonly cancellable?: readonly AdapterCall[] | undefined;
  /** Credentials the adapter was given: no answer and no error may hold one. */
  readonly secrets?: readonly string[] | undefined;
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

/** One page of `docs/reference/adapters`; exported as `page` by an adapter's `test/page.ts`. */
export interface AdapterPage {
  /** The system's name, as the page's title. */
  readonly title: string;
  /** Command that serves the adapter, such as `parley-nomad`; absent where there is none. */
  readonly program?: string | undefined;
  /** Codes that calls may end with. */
  readonly errors: readonly string[];
  /** Everything there is, of every toolset, in the order of the page. */
  create(): AdapterUnderTest | Promise<AdapterUnderTest>;
  /** What the system behind asks of its user for a tool, by the tool's name. */
  readonly permissions?: Readonly<Record<string, string>> | undefined;
  /** Calls with what they answered; the same at every run, or the page never matches. */
  examples?(): Promise<readonly AdapterExample[]>;
}

/** A call with what it answered. */
export interface AdapterExample extends AdapterCall {
  readonly result: ToolResult;
}
