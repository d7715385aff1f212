import type { Draft } from "../draft.ts";
import { addDependency } from "../fields/dependency.ts";
import { readMinutesOrClock } from "../fields/duration.ts";
import { readPath } from "../fields/path-pattern.ts";
import { addVariable, asCount, asFlag, asText, asWalltime } from "../fields/readers.ts";
import { readScript } from "../read-script.ts";
import { unsaid } from "../script/options.ts";
import type { Option } from "../script/options.ts";
import type { DirectiveRules } from "../script/split.ts";

/** Cobalt's qsub reads the block directly under the shebang. */
export const cobaltDirectives: DirectiveRules = { sentinel: /^#COBALT(?=\s)/, place: "block" };

const value = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "value", read });

function readAttribute(text: string, draft: Draft): void {
  const at = text.indexOf("=");
  const [name, content] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  if (name === "location") draft.set("nodelist", content.split(","));
  else if (name === "gpu_type") draft.set("gpuType", content);
  else if (/^[\w./-]+$/.test(content)) {
    draft.add("constraints", (before = []) => [...before, `${name}=${content}`]);
  } else draft.lose({ why: "no counterpart", note: `The attribute ${text} is not carried.` });
}

function readMode(text: string, draft: Draft): void {
  const perNode = /^c(\d+)$/.exec(text)?.[1];
  if (perNode !== undefined) draft.set("tasksPerNode", Number(perNode));
  else if (text !== "script") draft.lose({ why: "no counterpart", note: `The mode ${text} is not carried.` });
}

function readPrefix(text: string, draft: Draft): void {
  if (draft.job.name === undefined) draft.set("name", text);
  const note = "The prefix of the output files is carried as the name of the job.";
  draft.lose({ why: "approximated", field: "output", note });
}

const asPath =
  (field: "output" | "error" | "input") =>
  (text: string, draft: Draft): void =>
    draft.set(
      field,
      readPath(text, /\$\{?jobid\}?/gi, () => ({ fill: "jobId" })),
    );

const machine = "This is a matter of the machine.";
const options: readonly Option[] = [
  value(["--jobname"], asText("name")),
  value(["-A", "--project"], asText("account")),
  value(["-q", "--queue"], asText("queue")),
  value(["-n", "--nodecount"], asCount("nodes")),
  value(["--proccount"], asCount("tasks")),
  value(["--mode"], readMode),
  value(["-t", "--time"], asWalltime(readMinutesOrClock)),
  value(["-O", "--outputprefix"], readPrefix),
  value(["-o", "--output"], asPath("output")),
  value(["-e", "--error"], asPath("error")),
  value(["-i", "--inputfile"], asPath("input")),
  value(["--cwd"], asText("workingDirectory")),
  value(["-M", "--notify"], (user, draft) => draft.set("mail", { user, events: ["begin", "end"] })),
  value(["--env"], (text, draft) => {
    for (const part of text.split(/:(?=[A-Za-z_]\w*=)/)) addVariable(part, draft);
  }),
  value(["--attrs"], (text, draft) => {
    for (const part of text.split(":")) readAttribute(part, draft);
  }),
  value(["--dependencies"], (text, draft) =>
    addDependency({ condition: "afterok", jobs: text.split(/[:,]/).filter((job) => job !== "") }, draft),
  ),
  { names: ["-h", "--held"], takes: "nothing", read: asFlag("hold") },
  ...["--kernel", "--ion_kernel", "--geometry", "--umask", "--debuglog", "--user_list", "--run_users"].map(
    (name) => unsaid([name], "value", machine),
  ),
  ...["--disable_preboot", "--preemptable", "--run_project", "--interactive", "-I"].map((name) =>
    unsaid([name], "nothing", machine),
  ),
];

/**
 * Reads a script for Cobalt's qsub.
 * @see the job control guides of the Argonne Leadership Computing Facility
 */
export const readCobalt = (text: string): Draft =>
  readScript(text, { directives: cobaltDirectives, options: { options } });
