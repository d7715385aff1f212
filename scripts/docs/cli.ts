import { processIo } from "@parley/cli";
import { programExports } from "./modules.ts";
import { code, generatedNotice, markdownTable } from "./table.ts";

interface Flag {
  readonly flags: string;
  readonly description: string;
  readonly hidden?: boolean;
}

interface Argument {
  readonly description: string;
  readonly required: boolean;
  readonly variadic: boolean;
  name(): string;
}

/** The part of commander's Command that a page is written from. */
interface Command {
  readonly options: readonly Flag[];
  readonly commands: readonly Command[];
  readonly registeredArguments: readonly Argument[];
  name(): string;
  description(): string;
}

/** docs/reference/cli.md: every command and flag of every program. */
export async function cliPage(root: string): Promise<string> {
  const programs = await loadPrograms(root);
  const sections = programs.flatMap((program) => section(program, program.name(), 2));
  const text = [
    generatedNotice,
    "",
    "# Commands",
    "",
    "A flag outranks its variable, the variable the configuration file, and the file the default. After set-up in a",
    "clone, `npx <program>` runs each of these. Exit codes are in [errors.md](errors.md), variables in [env.md](env.md).",
    "",
    ...sections,
  ];
  return `${text.join("\n").trimEnd()}\n`;
}

/** The programs of all apps: whatever `create...Program` the modules named `*program*` export, once each. */
async function loadPrograms(root: string): Promise<readonly Command[]> {
  const io = processIo(new AbortController().signal);
  const found = new Map<string, Command>();
  for (const [name, make] of await programExports(root, "program")) {
    if (!/^create\w*Program$/.test(name) || typeof make !== "function") continue;
    const program: Command = make(io);
    if (!found.has(program.name())) found.set(program.name(), program);
  }
  return [...found.values()].toSorted((left, right) => (left.name() < right.name() ? -1 : 1));
}

function section(command: Command, path: string, level: number): readonly string[] {
  const title = `${"#".repeat(level)} ${path}${usage(command)}`;
  const visible = command.options.filter((flag) => flag.hidden !== true);
  const flags = visible.map((flag) => [code(flag.flags), flag.description]);
  const args = command.registeredArguments
    .filter((argument) => argument.description !== "")
    .map((argument) => `- ${code(argument.name())}: ${argument.description}`);
  return [
    title,
    "",
    command.description(),
    "",
    ...(args.length > 0 ? [...args, ""] : []),
    ...(flags.length > 0 ? [markdownTable(["Flag", "Meaning"], flags), ""] : []),
    ...command.commands
      .filter((inner) => !isHidden(inner))
      .flatMap((inner) => section(inner, `${path} ${inner.name()}`, Math.min(level + 1, 4))),
  ];
}

function usage(command: Command): string {
  return command.registeredArguments
    .map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      return argument.required ? ` <${name}>` : ` [${name}]`;
    })
    .join("");
}

function isHidden(command: Command): boolean {
  return Reflect.get(command, "_hidden") === true;
}
