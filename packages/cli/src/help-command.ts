import type { Command } from "commander";
import { ParleyError } from "@parley/core/errors";
import { nearest } from "./nearest.ts";

/** Adds `help [command...]`, which says so when there is no such command. */
export function helpCommand(program: Command): Command {
  program
    .command("help")
    .description("Show how a command is used.")
    .argument("[command...]", "the command, such as start")
    .action((words: readonly string[]) => {
      let found = program;
      for (const word of words) found = inner(found, word);
      found.outputHelp();
    });
  return program;
}

function inner(command: Command, word: string): Command {
  const found = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
  if (found) return found;
  const close = nearest(
    word,
    command.commands.map((one) => one.name()),
  );
  const hint = close === undefined ? "" : `; did you mean "${close}"?`;
  throw new ParleyError("E_CONFIG_UNKNOWN", `There is no command "${word.slice(0, 80)}"${hint}`);
}
