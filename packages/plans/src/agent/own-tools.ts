import { toParleyError } from "@parley/core";
import { z } from "zod";
import type { CallResult } from "../servers/call-tool.ts";
import type { Catalog } from "../servers/catalog.ts";
import { bounded, wordsOfBlock } from "../servers/words.ts";
import { rolePrompt } from "./role.ts";
import type { AgentTool } from "./toolbox.ts";

/** Puts a model's question to a person. */
export type Asker = (
  question: { readonly text: string; readonly options?: readonly string[] | undefined },
  options: { readonly signal: AbortSignal },
) => Promise<string>;

interface OwnOptions {
  readonly catalog: Catalog;
  readonly ask: Asker | undefined;
  /** Whether resources and prompts of the servers may be read. */
  readonly reading: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Tools that are no server's: reading resources, filling in prompts, asking the user. */
export async function ownTools({ catalog, ask, reading, signal }: OwnOptions): Promise<readonly AgentTool[]> {
  const resources = reading ? await listed(catalog, signal) : [];
  return [
    ...(resources.length > 0 ? [readResource(catalog, resources)] : []),
    ...(reading && catalog.prompts.length > 0 ? [getPrompt(catalog)] : []),
    ...(ask === undefined ? [] : [askUser(ask)]),
  ];
}

interface Listed {
  readonly server: string;
  readonly uri: string;
  readonly name: string;
}

const Resource = z.looseObject({ uri: z.string().max(2000), name: z.string().max(300).default("") });

async function listed({ servers }: Catalog, signal: AbortSignal | undefined): Promise<readonly Listed[]> {
  const found = await Promise.all(
    Object.entries(servers).map(async ([server, client]) => {
      const resources = await client.listResources({ signal });
      return resources.flatMap((raw) => {
        const { data } = Resource.safeParse(raw);
        return data === undefined ? [] : [{ server, uri: data.uri, name: data.name }];
      });
    }),
  );
  return found.flat();
}

const Contents = z.looseObject({
  contents: z.array(z.looseObject({ uri: z.string().optional(), text: z.string().optional() })),
});

function readResource({ servers }: Catalog, resources: readonly Listed[]): AgentTool {
  const shown = resources.slice(0, 100).map(({ uri, name }) => (name === "" ? uri : `${uri} (${name})`));
  const input = z.object({ uri: z.string().max(2000), server: z.string().optional() });
  return {
    chat: {
      name: "read_resource",
      description: `Reads a resource of a server: ${shown.join(", ")}`,
      inputSchema: z.toJSONSchema(input),
    },
    repeatable: true,
    call: async (args, options) =>
      await answered(async () => {
        const { uri, server } = input.parse(args);
        const owner =
          server ?? resources.find((one) => one.uri === uri)?.server ?? Object.keys(servers)[0] ?? "";
        const client = Object.hasOwn(servers, owner) ? servers[owner] : undefined;
        if (client === undefined) return { text: `There is no server ${owner}.`, isError: true };
        const { contents } = Contents.parse(await client.readResource(uri, options));
        const words = contents.map((one) => wordsOfBlock({ type: "resource", resource: one }));
        return { text: bounded(words.join("\n")), isError: false };
      }, options.signal),
  };
}

function getPrompt(catalog: Catalog): AgentTool {
  const input = z.object({
    name: z.string(),
    server: z.string().optional(),
    arguments: z.record(z.string(), z.string()).default({}),
  });
  const shown = catalog.prompts.slice(0, 100).map(({ name, arguments: args }) => {
    const names = args.map((one) => one.name).join(", ");
    return names === "" ? name : `${name}(${names})`;
  });
  return {
    chat: {
      name: "get_prompt",
      description: `Fills in a prompt of a server, which says how something is done: ${shown.join(", ")}`,
      inputSchema: z.toJSONSchema(input, { io: "input" }),
    },
    repeatable: true,
    call: async (args, options) =>
      await answered(async () => {
        const { name, server, arguments: given } = input.parse(args);
        const messages = await rolePrompt(catalog.prompt(name, server), given, options.signal);
        return { text: bounded(messages.map(({ content }) => content).join("\n\n")), isError: false };
      }, options.signal),
  };
}

function askUser(ask: Asker): AgentTool {
  const input = z.object({
    question: z.string().min(1).max(4000),
    options: z.array(z.string().min(1).max(200)).max(20).optional(),
  });
  return {
    chat: {
      name: "ask_user",
      description: "Asks the user something that only they can say. Waits for the answer.",
      inputSchema: z.toJSONSchema(input),
    },
    repeatable: true,
    async call(args, { signal = new AbortController().signal }) {
      const parsed = input.safeParse(args);
      if (!parsed.success)
        return { text: "ask_user takes question, and options if there are any.", isError: true };
      const { question: text, options } = parsed.data;
      return { text: await ask({ text, options }, { signal }), isError: false };
    },
  };
}

/** Faults are for the model to mend; that nobody waits any more is none. */
async function answered(
  work: () => Promise<CallResult>,
  signal: AbortSignal | undefined,
): Promise<CallResult> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    return { text: toParleyError(error).message, isError: true };
  }
}
