import { Argument, Command } from "commander";
import { addOptions } from "@parley/cli";
import type { Io } from "@parley/cli";
import type { CommandInput, Dependencies } from "./dependencies.ts";
import { commandOptions, commonOptions } from "./options.ts";
import { version } from "./version.ts";

const examples = `
Examples:
  resource-ask satisfy "Can you run cowsay on one node?"          ask every site, run nothing
  resource-ask negotiate "run hostname on 1 node" --wait          ask, choose, run, show the output
  resource-ask negotiate --command "lmp -in in.lj" --nodes 3 --walltime 2h --budget 200USD --ask
  resource-ask select --negotiation neg_7k3m9q2x4v8n --select soonest --select random
  resource-ask dispatch perlmutter "run hostname" --wait --propagate

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no site can do it, 4 hub unreachable or not authorised,
5 a limit was reached, 130 interrupted.
`;

interface Definition {
  readonly name: keyof typeof commandOptions;
  readonly args: readonly Argument[];
  readonly description: string;
  /** Names the seed's texts use for it; accepted, not shown. They ask and never run anything the name does not say. */
  readonly aliases?: readonly string[] | undefined;
  readonly load: () => Promise<(input: CommandInput) => Promise<void>>;
}

const words = (): Argument =>
  new Argument("[words...]", 'the request in plain words; "-" reads standard input');
const jobId = (): Argument => new Argument("<job>", "hub job id");

const definitions: readonly Definition[] = [
  {
    name: "negotiate",
    args: [words()],
    description: "Ask every site, choose one and run the job there.",
    load: async () => (await import("./commands/negotiate.ts")).runNegotiate,
  },
  {
    name: "satisfy",
    args: [words()],
    description: "Ask every site whether it can serve the job. Runs nothing.",
    aliases: ["negotiate_work", "negotiate_job", "satisfy_job", "secretary_ask", "ask_secretary"],
    load: async () => (await import("./commands/satisfy.ts")).runSatisfy,
  },
  {
    name: "select",
    args: [words()],
    description: "Choose among answers and say why. Runs nothing.",
    aliases: ["select_worker"],
    load: async () => (await import("./commands/select.ts")).runSelect,
  },
  {
    name: "dispatch",
    args: [new Argument("<cluster>", "worker id"), words()],
    description: "Run the job at a site you name.",
    aliases: ["dispatch_job"],
    load: async () => (await import("./commands/dispatch.ts")).runDispatch,
  },
  {
    name: "jobs",
    args: [],
    description: "List the jobs the hub dispatched.",
    aliases: ["list_jobs"],
    load: async () => (await import("./commands/jobs.ts")).runJobs,
  },
  {
    name: "status",
    args: [jobId()],
    description: "Show the state of a job.",
    aliases: ["job_status"],
    load: async () => (await import("./commands/status.ts")).runStatus,
  },
  {
    name: "wait",
    args: [jobId()],
    description: "Wait for a job to end; exit code 1 when it failed.",
    load: async () => (await import("./commands/status.ts")).runWait,
  },
  {
    name: "logs",
    args: [jobId()],
    description: "Print the output of a job.",
    aliases: ["job_logs"],
    load: async () => (await import("./commands/logs.ts")).runLogs,
  },
  {
    name: "cancel",
    args: [jobId()],
    description: "End a job.",
    aliases: ["cancel_job"],
    load: async () => (await import("./commands/cancel.ts")).runCancel,
  },
  {
    name: "list",
    args: [new Argument("<what>", "strategies or workers").choices(["select", "workers"])],
    description: "List selection strategies, or the hub's workers.",
    load: async () => (await import("./commands/list.ts")).runList,
  },
  {
    name: "export",
    args: [],
    description: "Export what every worker really has (ground truth) as JSON.",
    aliases: ["export_fleet_truth"],
    load: async () => (await import("./commands/export.ts")).runExport,
  },
  {
    name: "parse",
    args: [words()],
    description: "Show how a request is understood. Needs no hub.",
    load: async () => (await import("./commands/parse.ts")).runParse,
  },
];

/** The `resource-ask` command. Commands are loaded when they run, so that `--help` is out at once. */
export function createProgram(io: Io, dependencies: Dependencies = {}): Command {
  const program = new Command("resource-ask")
    .description("Ask a federation of computing sites for what a job needs.")
    .version(version, "--version", "print the version")
    .helpCommand(false)
    .addHelpText("after", examples);
  addOptions(program, commonOptions);
  for (const definition of definitions) {
    program.addCommand(commandOf(definition, definition.name, { io, dependencies }));
    for (const alias of definition.aliases ?? []) {
      program.addCommand(commandOf(definition, alias, { io, dependencies }), { hidden: true });
    }
  }
  return program;
}

function commandOf(
  definition: Definition,
  name: string,
  context: Pick<CommandInput, "io" | "dependencies">,
): Command {
  const command = new Command(name)
    .description(definition.description)
    .configureHelp({ showGlobalOptions: true });
  for (const argument of definition.args) command.addArgument(argument);
  addOptions(command, commandOptions[definition.name]);
  return command.action(async () => {
    const run = await definition.load();
    await run({ ...context, args: command.args, flags: command.optsWithGlobals() });
  });
}
