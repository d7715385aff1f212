import { Command } from "commander";
import { addOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import type { CommandInput, Dependencies } from "../dependencies.ts";
import { version } from "../version.ts";
import { askOptions, detectOptions, secretaryOptions, siteOptions } from "./options.ts";

const examples = `
Examples:
  resource-secretary detect                         what this machine has
  resource-secretary detect software spack --json   one provider's facts and tools
  resource-secretary ask "Can you run cowsay on one node?" --local-allow cowsay
  resource-secretary ask "2 nodes with plenty of memory" --simulated sim-7 --llm-model gpt-5-mini
                                                    with a model that reads words no rule reads
  resource-secretary providers --simulated sim-7    what a simulated site has
`;

type Load = () => Promise<(input: CommandInput) => Promise<void>>;

/** The `resource-secretary` command: what a worker's secretary knows and says, without a hub. */
export function createSecretaryProgram(io: Io, dependencies: Dependencies = {}): Command {
  const program = new Command("resource-secretary")
    .description("See what this machine offers, and what its secretary would answer. Needs no hub.")
    .version(version, "--version", "print the version")
    .helpCommand(false)
    .addHelpText("after", examples);
  addOptions(program, secretaryOptions);
  const context = { io, dependencies };

  const detect = new Command("detect")
    .description("Discover what is here: facts and the tools to ask for more.")
    .argument("[category]", "such as software, hardware or workload")
    .argument("[name]", "such as spack");
  program.addCommand(
    runs(addOptions(detect, detectOptions), context, async () => (await import("./detect.ts")).runDetect),
  );

  const providers = new Command("providers").description("List the kinds of things that are looked for.");
  program.addCommand(
    runs(
      addOptions(providers, siteOptions),
      context,
      async () => (await import("./providers.ts")).runProviders,
    ),
  );

  const apps = new Command("apps").description("List the applications requests are understood to name.");
  program.addCommand(runs(apps, context, async () => (await import("./apps.ts")).runApps));

  const ask = new Command("ask")
    .description("Let this machine's own secretary answer a request. Runs nothing.")
    .argument("[words...]", 'the request in plain words; "-" reads standard input');
  program.addCommand(
    runs(addOptions(ask, askOptions), context, async () => (await import("./ask.ts")).runAsk),
  );
  return program;
}

function runs(command: Command, context: Pick<CommandInput, "io" | "dependencies">, load: Load): Command {
  return command.configureHelp({ showGlobalOptions: true }).action(async () => {
    const run = await load();
    await run({ ...context, args: command.args, flags: command.optsWithGlobals() });
  });
}
