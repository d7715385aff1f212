import { Command } from "commander";
import { addOptions, helpCommand, packageVersion } from "@parley/cli";
import type { Io, OptionTable } from "@parley/cli";
import { agentOptions, recordOptions, runOptions, serverOptions, showOptions } from "./parley-options.ts";

const { json } = showOptions;

/** The `parley` command: plans and agents over MCP servers. */
export function createParleyProgram(io: Io): Command {
  const program = new Command("parley")
    .description("Run plans and agents over the tools and prompts of MCP servers.")
    .version(packageVersion(import.meta.url));
  const add = (name: string, table: OptionTable): Command => {
    const command = addOptions(new Command(name), table);
    program.addCommand(command);
    return command;
  };
  add("run", runOptions)
    .description("Run a plan, or go on with a run of one. Ends with 0 when it succeeds and 1 when it fails.")
    .argument("[plan]", "the plan's YAML file")
    .action(async (plan: string | undefined, flags: Record<string, unknown>) => {
      const { runCommand } = await import("./parley/run-command.ts");
      await runCommand(io, { plan, flags });
    });
  add("agent", agentOptions)
    .description(
      "Have a model work in the role of a server's prompt, towards a goal, with the servers' tools.",
    )
    .argument("[goal...]", "what it is to do, beside its prompt")
    .action(async (goal: readonly string[], flags: Record<string, unknown>) => {
      const { agentCommand } = await import("./parley/agent-command.ts");
      await agentCommand(io, { goal: goal.join(" "), flags });
    });
  add("prompt", serverOptions)
    .description("Show a prompt of a server, filled in.")
    .argument("<name>", "the prompt")
    .argument("[arguments...]", "its arguments as key=value")
    .action(async (name: string, args: readonly string[], flags: Record<string, unknown>) => {
      const { promptCommand } = await import("./parley/prompt-command.ts");
      await promptCommand(io, { name, args, flags });
    });
  add("list", { ...serverOptions, ...recordOptions, json })
    .description("List runs; with --server, the tools and prompts there are for plans and agents.")
    .action(async (flags: Record<string, unknown>) => {
      const { listCommand } = await import("./parley/list-command.ts");
      await listCommand(io, flags);
    });
  add("show", { ...recordOptions, json })
    .description("Show what happened in a run, event by event.")
    .argument("<id>", "the run")
    .action(async (id: string, flags: Record<string, unknown>) => {
      const { showCommand } = await import("./parley/show-command.ts");
      await showCommand(io, { id, flags });
    });
  return helpCommand(program);
}
