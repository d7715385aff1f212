import { reads, resolveOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { openCatalog, rolePrompt } from "@parley/plans";
import { serverOptions } from "../parley-options.ts";
import { openPlanServers } from "./servers.ts";

/** `parley prompt`: what a model would be told. */
export async function promptCommand(
  io: Io,
  input: {
    readonly name: string;
    readonly args: readonly string[];
    readonly flags: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { values } = resolveOptions(serverOptions, { flags: input.flags, env: io.env });
  const given = Object.assign({}, ...input.args.map((pair) => reads.pairs([pair], pair)));
  const servers = await openPlanServers(values, io);
  try {
    const catalog = await openCatalog(servers.clients, { signal: io.signal });
    const messages = await rolePrompt(catalog.prompt(input.name), given, io.signal);
    for (const { role, content } of messages) io.out(messages.length > 1 ? `${role}: ${content}` : content);
  } finally {
    await servers.close();
  }
}
