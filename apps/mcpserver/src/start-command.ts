import type { Command } from "commander";
import { addOptions, withDefaults } from "@parley/cli";
import type { OptionValues } from "@parley/cli";
import { startOptions } from "./options.ts";

/** Defaults of a program that reuses the options of `mcpserver start`, in place of ours. */
export type StartDefaults = Partial<OptionValues<typeof startOptions>>;

/**
 * Puts the flags of `mcpserver start` on another program's command, with that program's own defaults in `--help`.
 * Pass the same defaults to `runStart` or `readSettings`, and what the command parsed as `flags`.
 */
export function addStartOptions(command: Command, defaults: StartDefaults = {}): Command {
  return addOptions(command, withDefaults(startOptions, defaults));
}
