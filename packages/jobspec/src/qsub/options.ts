import type { Draft } from "../draft.ts";
import { readArray } from "../fields/array.ts";
import { readDependencies } from "../fields/dependency.ts";
import { asFlag, asText, inherit, splitList } from "../fields/readers.ts";
import { unsaid } from "../script/options.ts";
import type { Option } from "../script/options.ts";
import { readResource } from "./resources.ts";
import { readSelect } from "./select.ts";
import { asPath, readMailEvents, readStart, readVariables } from "./text.ts";

/** The three commands that take these options. */
export type Qsub = "pbs" | "torque" | "moab";

const value = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "value", read });
const flag = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "nothing", read });

const directiveOf = (text: string): string => text.split("=")[0] ?? "";

/** Reads `-l a=1,b=2`; each resource is reported under its own name. */
function readResources(text: string, draft: Draft, place: string): void {
  for (const part of splitList(text)) {
    draft.at({ ...draft.place(), directive: `-l ${directiveOf(part)}`, value: part });
    if (part.startsWith("select=")) readSelect(part.slice(7), draft, place);
    else readResource(part, draft);
  }
}

function readAttributes(text: string, draft: Draft): void {
  const parts = text.split(/,(?=[A-Za-z_]+=)/);
  for (const part of parts) {
    const at = part.indexOf("=");
    const [name, attribute] = [part.slice(0, Math.max(0, at)), part.slice(at + 1)];
    if (name === "depend") readDependencies(attribute, draft);
    else if (name === "x") {
      for (const each of attribute.split(";")) readResource(each.replace(":", "="), draft);
    } else {
      draft.lose({
        why: "no counterpart",
        note: `The attribute ${name === "" ? part : name} is not carried.`,
      });
    }
  }
}

function readArrayOption(text: string, draft: Draft): void {
  const match = /^(?:([^.[\]%]+)\.)?(.+)$/.exec(text);
  const array = readArray((match?.[2] ?? text).replace(/\](?=%|$)/, "").replace(/^\[/, ""));
  if (array === undefined)
    draft.lose({ why: "unknown", field: "array", note: "Indices such as 0-9%2 were expected." });
  else draft.set("array", array);
  if (match?.[1] !== undefined && array !== undefined) draft.set("name", match[1]);
}

function readRerun(text: string, draft: Draft): void {
  if (/^[yn]$/.test(text)) draft.set("requeue", text === "y");
  else draft.lose({ why: "unknown", field: "requeue", note: "y or n was expected." });
}

function readProject(text: string, draft: Draft): void {
  draft.lose({ why: "approximated", field: "account", note: "A project is carried as the account." });
  draft.set("account", text);
}

const shared: readonly Option[] = [
  value(["-N"], asText("name")),
  value(["-A"], asText("account")),
  value(["-q"], asText("queue")),
  value(["-a"], readStart),
  flag(["-h"], asFlag("hold")),
  value(["-m"], readMailEvents),
  value(["-M"], (user, draft) => draft.add("mail", (mail = { events: [] }) => ({ ...mail, user }))),
  value(["-o"], asPath("output")),
  value(["-e"], asPath("error")),
  value(["-p"], (text, draft) => draft.set("priority", { value: Number(text), scale: "pbs" })),
  value(["-r"], readRerun),
  value(["-v"], readVariables),
  flag(["-V"], (_text, draft) => inherit("all", draft)),
  value(["-W"], readAttributes),
  value(["-S"], readShell),
  unsaid(["-c"], "value", "Checkpoints are not carried."),
  unsaid(["-C"], "value", "Another prefix for directives is not followed."),
  unsaid(["-k"], "value", "Where output is kept while the job runs is not carried."),
  unsaid(["-u"], "value", "The user to run as is not carried."),
  unsaid(["-I"], "nothing", "A batch script has no terminal: -I is left out."),
  unsaid(["-X"], "nothing", "X11 is not carried."),
  unsaid(["-z"], "nothing", "This is about the command qsub, not about the job."),
];

function readShell(text: string, draft: Draft): void {
  const shell = text.split(",")[0]?.split("@")[0] ?? "";
  if (draft.job.interpreter === undefined) draft.set("interpreter", shell);
  else if (draft.job.interpreter !== shell) {
    draft.lose({
      why: "overridden",
      field: "interpreter",
      note: "The shebang says which shell runs the script.",
    });
  }
}

const own: Readonly<Record<Qsub, readonly Option[]>> = {
  pbs: [
    value(["-J"], readArrayOption),
    value(["-P"], readProject),
    unsaid(["-R"], "value", "Removing output is not carried."),
    unsaid(["-G", "-f"], "nothing", "This is about the command qsub, not about the job."),
  ],
  torque: [
    value(["-t"], readArrayOption),
    value(["-d", "-w"], asText("workingDirectory")),
    flag(["-n"], asFlag("exclusive")),
    unsaid(["-D", "-P", "-T", "-b"], "value", "This is a matter of the Torque site."),
    unsaid(["-f", "-x"], "nothing", "This is about the command qsub, not about the job."),
  ],
  moab: [
    value(["-t"], readArrayOption),
    value(["-d", "-w"], asText("workingDirectory")),
    unsaid(["-K"], "nothing", "This is about the command msub, not about the job."),
    unsaid(["-F", "-E"], "value", "This is a matter of the Moab site."),
  ],
};

/** Options of qsub or msub; `place` is the arrangement the script asks for anywhere. */
export const qsubOptions = (kind: Qsub, place: string): readonly Option[] => [
  value(["-l"], (text, draft) => readResources(text, draft, place)),
  ...shared,
  ...own[kind],
];
