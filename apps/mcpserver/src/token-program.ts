import { addOptions, option, reads } from "@parley/cli";
import type { Io } from "@parley/cli";
import { Argument, Command } from "commander";
import { accessOptions } from "./access-options.ts";
import { serverOptions } from "./server-options.ts";

/** Where the token commands find their file. */
export const tokenFileOptions = { tokens: accessOptions.tokens, config: serverOptions.config };

const json = option({
  flags: "--json",
  description: "one JSON document on standard output",
  initial: false,
  read: reads.flag,
});

/** Settings of `mcpserver token add`. */
export const tokenAddOptions = {
  ...tokenFileOptions,
  scopes: option({
    flags: "--scopes <names>",
    description: "what the token opens: read, negotiate, dispatch, admin, with commas between",
    initial: ["read"],
    initialText: "read",
    read: reads.list,
  }),
  expires: option({
    flags: "--expires <time>",
    description: "when it ends: a duration such as 30d, or a date",
    initialText: "never",
    read: reads.text,
  }),
  json,
};

/** Settings of the other `mcpserver token` commands. */
export const tokenOptions = { ...tokenFileOptions, json };

/** `mcpserver token`: who may call, in a file that running servers read anew when it changes. */
export function createTokenCommand(io: Io): Command {
  const token = new Command("token").description("Manage the file of --tokens.").helpCommand(false);
  const name = new Argument("<name>", "who holds it, as logs and audit show it");
  const add = new Command("add").description("Make a token and print it, this once.").addArgument(name);
  addOptions(add, tokenAddOptions).action(async (who: string, flags: Record<string, unknown>) => {
    const { runTokenAdd } = await import("./commands/seldom.ts");
    await runTokenAdd(who, flags, io);
  });
  const list = new Command("list").description("List the tokens, without what they are.");
  addOptions(list, tokenOptions).action(async (flags: Record<string, unknown>) => {
    const { runTokenList } = await import("./commands/seldom.ts");
    await runTokenList(flags, io);
  });
  token.addCommand(add).addCommand(list);
  for (const [verb, description] of [
    ["remove", "Take a token away."],
    ["revoke", "End a token and keep its entry for the record."],
  ] as const) {
    const command = new Command(verb).description(description).addArgument(name);
    addOptions(command, tokenOptions).action(async (who: string, flags: Record<string, unknown>) => {
      const { runTokenEnd } = await import("./commands/seldom.ts");
      await runTokenEnd({ verb, name: who }, flags, io);
    });
    token.addCommand(command);
  }
  return token;
}
