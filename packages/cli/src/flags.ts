import type { Command } from "commander";
import { Option as CommanderOption } from "commander";
import { isSwitch, longFlag } from "./option.ts";
import type { Option, OptionTable } from "./option.ts";

/** Puts a table's flags on a command. Values are left raw; `resolveOptions` reads them. */
export function addOptions(command: Command, table: OptionTable): Command {
  const taken = new Set(Object.values(table).map((definition) => longFlag(definition)));
  for (const definition of Object.values(table)) {
    command.addOption(flagOf(definition, definition.flags));
    for (const alias of definition.aliases ?? []) {
      const placeholder = /\s[<[].*$/.exec(definition.flags)?.[0] ?? "";
      command.addOption(flagOf(definition, `${alias}${placeholder}`).hideHelp());
    }
    const off = longFlag(definition).replace(/^--/, "--no-");
    if (canBeTurnedOff(definition) && !taken.has(off)) {
      command.addOption(new CommanderOption(off, `not ${longFlag(definition)}`).hideHelp());
    }
  }
  return command;
}

/** A switch that a variable or the file can turn on needs a flag that turns it off. */
function canBeTurnedOff(definition: Option<unknown>): boolean {
  const { env, file } = definition;
  const elsewhere = env !== undefined || file !== undefined;
  return elsewhere && isSwitch(definition) && !longFlag(definition).startsWith("--no-");
}

function flagOf(definition: Option<unknown>, flags: string): CommanderOption {
  const flag = new CommanderOption(flags, describe(definition));
  if (definition.group !== undefined) flag.helpGroup(`${definition.group}:`);
  if (definition.hidden === true || definition.unavailable !== undefined) flag.hideHelp();
  if (definition.list === true) {
    flag.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
  }
  return flag;
}

function describe(definition: Option<unknown>): string {
  const notes: string[] = [];
  const initial = definition.initialText ?? shown(definition.initial);
  if (initial !== "") notes.push(`default ${initial}`);
  if (definition.env?.[0] !== undefined) notes.push(definition.env[0]);
  return notes.length === 0 ? definition.description : `${definition.description} (${notes.join(", ")})`;
}

/** A default worth a word in `--help`: off and nothing are not. */
function shown(initial: unknown): string {
  if (Array.isArray(initial)) return initial.join(" ");
  return typeof initial === "string" || typeof initial === "number"
    ? String(initial)
    : initial === true
      ? "on"
      : "";
}
