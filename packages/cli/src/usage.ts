import type { Command, CommanderError } from "commander";
import { ParleyError } from "@parley/core/errors";
import type { Io } from "./io.ts";

/** Makes a command and those below it throw instead of ending the process, and write where the program does. */
export function tame(command: Command, io: Io, writeErr: (text: string) => void): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => io.out(text.trimEnd()),
    writeErr,
    getOutHelpWidth: () => io.width,
    getErrHelpWidth: () => io.width,
  });
  command.configureHelp({ ...command.configureHelp(), styleTitle: (title) => io.colors.bold(title) });
  command.showSuggestionAfterError(true);
  for (const inner of command.commands) tame(inner, io, writeErr);
}

/** A usage fault as one sentence: what was wrong and the nearest thing that is right. */
export function usageError(error: CommanderError, program: Command): ParleyError {
  const said = error.message
    .replace(/^error: /, "")
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
  const where = addressed(program);
  if (error.code === "commander.excessArguments") {
    const extra = where.args[where.registeredArguments.length] ?? "";
    const message = `"${extra.slice(0, 80)}" is more than "${pathOf(where)}" takes; see "${pathOf(where)} --help".`;
    return new ParleyError("E_CONFIG_INVALID", message);
  }
  if (error.code !== "commander.unknownOption") {
    const code = error.code === "commander.unknownCommand" ? "E_CONFIG_UNKNOWN" : "E_CONFIG_INVALID";
    return new ParleyError(code, said);
  }
  const [, flag = ""] = /'(--[\w-]+)=/.exec(said) ?? [];
  const isSwitch = flag !== "" && where.options.some(({ long }) => long === flag);
  if (isSwitch) {
    const off = flag.replace(/^--(?:no-)?/, "--no-");
    return new ParleyError("E_CONFIG_INVALID", `${flag} takes no value; write ${flag} or ${off}.`);
  }
  const hint = said.includes("Did you mean") ? "" : `; see "${pathOf(where)} --help"`;
  return new ParleyError("E_CONFIG_UNKNOWN", `${said}${hint}`);
}

/** The command that the arguments led to: the innermost that was given any. */
function addressed(command: Command): Command {
  const inner = command.commands.find((one) => one.name() === command.args[0] || one.args.length > 0);
  return inner === undefined ? command : addressed(inner);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
