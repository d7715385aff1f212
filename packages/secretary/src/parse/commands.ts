import type { JobRequirements, MatchSpan } from "@parley/core";
import { findApplication, requirementWords, utilities, type Application } from "../vocabulary/index.ts";
import {
  claim,
  fillCommand,
  fillCommandAt,
  firstWord,
  lineEnd,
  mayStartCommand,
  programName,
  prose,
  proseAt,
  scriptName,
  type CommandReading,
} from "./command-reading.ts";
import { fillMpi, union } from "./draft.ts";
import { launchers, type Launcher } from "./launchers.ts";
import { readOptions, tokenise, type Token } from "./tokens.ts";

function readLauncher(reading: CommandReading, launcher: Launcher, tokens: readonly Token[]): void {
  const { draft } = reading;
  const [head] = tokens;
  if (!head) return;
  const skip = head.text === "kubectl" ? 3 : head.text === "flux" ? 2 : 1;
  if (launcher.manager !== undefined) {
    draft.scheduler = { ...draft.scheduler, managers: union(draft.scheduler?.managers, [launcher.manager]) };
  }
  if (launcher.mpi) fillMpi(draft, {});
  const path = launcher.manager === undefined ? "mpi" : "scheduler.managers";
  claim(
    reading,
    { start: head.start, end: tokens[skip - 1]?.end ?? head.end },
    { outcome: { path }, rule: "launcher" },
  );
  const { options, rest } = readOptions(tokens.slice(skip), launcher.flags);
  for (const option of options) {
    const outcome = launcher.options[option.name]?.(draft, option.value ?? "") ?? "refused";
    claim(reading, option, { outcome, rule: `launcher ${option.name}` });
  }
  const words = tokens.slice(skip + rest);
  const first = words[0];
  const last = words.slice(0, proseAt(words)).at(-1);
  if (!first || !last) return;
  const outcome = fillCommandAt(reading, first.start, last.end);
  claim(reading, { start: first.start, end: last.end }, { outcome, rule: "launched command" });
}

const launcherLine =
  /(?<![\w./-])(srun|sbatch|salloc|flux (?:run|submit|batch|alloc)|mpirun|mpiexec(?:\.hydra)?|aprun|jsrun|qsub|bsub|kubectl run)(?= (?:-{1,2}[a-zA-Z]|\.{0,2}\/|[\w.-]{1,60}))/g;

const directive = /^#(SBATCH|PBS|BSUB|FLUX|flux):? (?=-)/gm;
const directiveLaunchers: Readonly<Record<string, string>> = {
  SBATCH: "sbatch", PBS: "qsub", BSUB: "bsub", FLUX: "flux", flux: "flux",
}; // prettier-ignore

/** Lines such as `#SBATCH --nodes=2` at the head of a batch script. */
function readDirectives(reading: CommandReading): void {
  const { draft, text } = reading;
  for (const match of text.matchAll(directive)) {
    const launcher = launchers[directiveLaunchers[match[1] ?? ""] ?? ""];
    if (!launcher) continue;
    const start = match.index + match[0].length;
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    if (launcher.manager !== undefined)
      draft.scheduler = {
        ...draft.scheduler,
        managers: union(draft.scheduler?.managers, [launcher.manager]),
      };
    claim(
      reading,
      { start: match.index, end: start - 1 },
      { outcome: { path: "scheduler.managers" }, rule: "directive" },
    );
    for (const option of readOptions(tokenise(text.slice(start, end), start), launcher.flags).options) {
      const outcome = launcher.options[option.name]?.(draft, option.value ?? "") ?? "refused";
      claim(reading, option, { outcome, rule: `directive ${option.name}` });
    }
  }
}

/** The first program of a batch script: a line of its own behind the directives. */
function readScriptBody(reading: CommandReading): void {
  for (const match of reading.text.matchAll(/^(?!#)[^\n]{1,4096}$/gm)) {
    const start = match.index;
    if (reading.marks[0] === undefined || !reading.text.startsWith("#") || reading.marks[start] !== undefined)
      continue;
    if (!mayStartCommand(firstWord(reading.text, start))) continue;
    const outcome = fillCommandAt(reading, start, start + match[0].length);
    claim(reading, { start, end: start + match[0].length }, { outcome, rule: "batch script" });
  }
}

function readLauncherLines(reading: CommandReading): void {
  for (const match of reading.text.matchAll(launcherLine)) {
    if (reading.marks[match.index] !== undefined) continue;
    const [name = ""] = (match[1] ?? "").split(" ");
    const next = firstWord(reading.text, match.index + match[0].length + 1);
    const launcher = launchers[name];
    const program = mayStartCommand(next) || next.startsWith("-") || name === "kubectl";
    if (!launcher || !program) continue;
    const opener = reading.text[match.index - 1];
    const closer = opener === '"' || opener === "'" ? reading.text.indexOf(opener, match.index) : -1;
    const end = Math.min(lineEnd(reading.text, match.index), closer < 0 ? Infinity : closer);
    const tokens = tokenise(reading.text.slice(match.index, end), match.index);
    readLauncher(reading, launcher, tokens);
  }
}

const containerLine =
  /(?<![\w./-])(singularity|apptainer|podman|docker) (?:exec|run)((?: --?[a-z][\w-]*(?:=[^\s]{1,200})?){0,8}) ([\w][\w./:@-]{2,250}[:/.][\w.@:-]{1,120})(?= )/g;

/** `apptainer exec IMAGE COMMAND`: runtime, image and the command behind it. */
function readContainerLines(reading: CommandReading): void {
  const { draft, text } = reading;
  for (const match of text.matchAll(containerLine)) {
    const [line, runtime = "", options = "", image = ""] = match;
    const start = match.index + line.length + 1;
    if (draft.container || reading.marks[match.index] !== undefined) continue;
    const tokens = tokenise(text.slice(start, lineEnd(text, start)), start);
    const stop = tokens.findIndex(({ text: word }) => prose.test(word));
    const last = tokens.slice(0, stop < 0 ? undefined : stop).at(-1);
    if (!last || options !== "" || !programName.test(tokens[0]?.text ?? "")) continue;
    draft.container = { runtimes: [runtime], image };
    claim(
      reading,
      { start: match.index, end: start - 1 },
      { outcome: { path: "container" }, rule: "container command" },
    );
    const outcome = fillCommandAt(reading, start, last.end);
    claim(reading, { start, end: last.end }, { outcome, rule: "command in a container" });
  }
}

const quotedCommand =
  /(?:\b(?:run|execute|launch|start|exec|command|cmd|running|executing)(?: is)?[:=]?(?: (?:the|this|my|a))?(?: (?:command|script|program|line))?:? ?)(?:`([^`\n]{1,4096})`|"([^"\n]{1,4096})"|'([^'\n]{1,4096})')|(?<![\w`])`([^`\n]{1,4096})`/gi;

function readQuotedCommands(reading: CommandReading): void {
  for (const match of reading.text.matchAll(quotedCommand)) {
    const quoted = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
    const command = quoted.trim();
    const application = findApplication(command);
    const onlyName = application !== undefined && !application.binaries.includes(command);
    const bare = match[4] !== undefined && !command.includes(" ") && !command.includes("/");
    const known = reading.marks
      .slice(match.index, match.index + match[0].length)
      .some((mark) => mark !== undefined);
    if (known || onlyName || bare || !programName.test(command.split(" ")[0] ?? "")) continue;
    const outcome = fillCommand(reading.draft, command);
    claim(
      reading,
      { start: match.index, end: match.index + match[0].length },
      { outcome, rule: "quoted command" },
    );
  }
}

/** Whether words after a colon are a command and not a sentence. */
function looksLikeCommand(tokens: readonly Token[]): boolean {
  const [program, second] = tokens.map((token) => token.text);
  if (program === undefined || !programName.test(program)) return false;
  if (tokens.some((token) => prose.test(token.text))) return false;
  if (/^\.{0,2}\/\w/.test(program) || scriptName.test(program) || utilities.has(program)) return true;
  const application = findApplication(program);
  if (!application?.binaries.includes(program)) return false;
  if (second === undefined) return application.name !== program;
  return tokens.slice(1).some((token) => /^-|[./=]/.test(token.text) && !/^\d[\d.]*$/.test(token.text));
}

/** Utilities that are settings behind a colon: `exclusive: true`, `budget: free`. */
const settings = new Set(["true", "false", "free", "id", "date"]);

/** Whether a word behind a colon only answers the label in front of it. */
function answersLabel(label: string, tokens: readonly Token[]): boolean {
  const [first] = tokens;
  return (
    tokens.length === 1 && first !== undefined && (settings.has(first.text) || requirementWords.has(label))
  );
}

const tail = /(?:\b(command|cmd|run|execute)|[\w)"'`]) ?:(?: |\n)(?=[^ \n])/gi;

function readTail(reading: CommandReading): void {
  for (const match of reading.text.matchAll(tail)) {
    const start = match.index + match[0].length;
    if (reading.marks[start] !== undefined) continue;
    if (match[1] === undefined && !mayStartCommand(firstWord(reading.text, start))) continue;
    const tokens = tokenise(reading.text.slice(start, lineEnd(reading.text, start)), start);
    const last = tokens.at(-1);
    if (!last || (match[1] === undefined && !looksLikeCommand(tokens))) continue;
    if (tokens.some((token) => reading.marks[token.start] !== undefined)) continue;
    const label =
      /[a-z]+$/i.exec(reading.text.slice(Math.max(0, match.index - 24), match.index + 1))?.[0] ?? "";
    if (match[1] === undefined && answersLabel(label.toLowerCase(), tokens)) continue;
    const outcome = fillCommandAt(reading, start, last.end);
    const from = match[1] === undefined ? start : match.index;
    claim(reading, { start: from, end: last.end }, { outcome, rule: "command after a colon" });
  }
}

const verb =
  /\b(?:command is|run|execute|launch|start|exec|call|running|submit)(?: (?:the|my))?(?: (?:command|script|program|executable|binary))? (?=[\w./~])/gi;

/** How many words after a verb of running belong to a command; 0 when they are no command. */
function commandLength(tokens: readonly Token[]): number {
  const words = tokens.map((token) => token.text);
  const stop = words.findIndex((word) => prose.test(word) || word.startsWith("("));
  const args = words.slice(1, stop < 0 ? undefined : stop);
  const [program = ""] = words;
  const length = args.length + 1;
  if (!programName.test(program)) return 0;
  if (/^(?:\.{1,2}\/|\/|~\/)\w/.test(program) || scriptName.test(program)) return length;
  if (utilities.has(program)) return /^\d/.test(args[0] ?? "") && program !== "sleep" ? 1 : length;
  const application = findApplication(program);
  return application?.binaries.includes(program) && takes(application, args) ? length : 0;
}

/** Whether words behind an application's executable are its arguments. */
function takes(application: Application, args: readonly string[]): boolean {
  const [first = ""] = args;
  if (application.runsFiles) return /[./]|^-[a-z]|^run$/.test(first) && !/^\d/.test(first);
  if (application.name === "cowsay" || application.name === "figlet") return first !== "";
  return args.some((word) => /^--?[a-zA-Z]/.test(word));
}

function readVerbs(reading: CommandReading): void {
  for (const match of reading.text.matchAll(verb)) {
    const start = match.index + match[0].length;
    if (reading.marks[start] !== undefined || !mayStartCommand(firstWord(reading.text, start))) continue;
    const tokens = tokenise(reading.text.slice(start, lineEnd(reading.text, start)), start);
    const last = tokens[commandLength(tokens) - 1];
    if (!last) continue;
    const outcome = fillCommandAt(reading, start, last.end);
    claim(reading, { start, end: last.end }, { outcome, rule: "command after a verb" });
  }
}

const amount =
  /\b\d[\d.,]{0,9} ?-?(?:nodes?|cores?|cpus?|gpus?|ranks?|tasks?|[kmgt]i?b|h|hours?|hrs?|minutes?|mins?|days?)\b/i;

/** A request that is a command line and nothing else: `hostname`, `echo hello`. */
function readWhole(reading: CommandReading): void {
  const [, words = ""] = /^`?([^`\n]{1,4096}?)`?$/.exec(reading.text) ?? [];
  const start = reading.text.indexOf(words);
  const tokens = tokenise(words, start);
  const [first] = tokens;
  if (words === "" || reading.spans.length > 0 || !first || settings.has(first.text) || /[?,]/.test(words))
    return;
  const plain = utilities.has(first.text) || /^\.{1,2}\//.test(first.text) || scriptName.test(first.text);
  if (!plain || !looksLikeCommand(tokens) || amount.test(words)) return;
  const outcome = fillCommand(reading.draft, words);
  claim(reading, { start: 0, end: reading.text.length }, { outcome, rule: "command alone" });
}

/** Reads command lines, which keep their case and their numbers, before anything else touches the text. */
export function readCommands(text: string, draft: JobRequirements): { masked: string; spans: MatchSpan[] } {
  const reading: CommandReading = { text, draft, spans: [], marks: [] };
  reading.marks.length = text.length;
  readDirectives(reading);
  readLauncherLines(reading);
  readScriptBody(reading);
  readContainerLines(reading);
  readQuotedCommands(reading);
  readTail(reading);
  readVerbs(reading);
  readWhole(reading);
  let masked = "";
  for (let index = 0; index < text.length; index += 1) masked += reading.marks[index] ?? text.charAt(index);
  return { masked, spans: reading.spans };
}
