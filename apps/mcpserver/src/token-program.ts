import { addOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import { Argument, Command } from "commander";
import { tokenAddOptions, tokenOptions } from "./token-options.ts";

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
