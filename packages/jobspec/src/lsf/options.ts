import type { Draft } from "../draft.ts";
import { readHoursMinutes } from "../fields/duration.ts";
import { readMemory } from "../fields/memory.ts";
import { asFlag, asText, asWalltime } from "../fields/readers.ts";
import { unsaid } from "../script/options.ts";
import type { Option } from "../script/options.ts";
import { readGpu, readRequirement } from "./requirement.ts";
import { asPath, readDependency, readEnvironment, readName, readStart, readTasks } from "./text.ts";

const value = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "value", read });
const flag = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "nothing", read });

const addMail =
  (event: "begin" | "end") =>
  (_text: string, draft: Draft): void =>
    draft.add("mail", (mail = { events: [] }) => ({ ...mail, events: [...mail.events, event] }));

function overwriting(field: "output" | "error") {
  return (text: string, draft: Draft): void => {
    asPath(field)(text, draft);
    draft.lose({ why: "approximated", field, note: "Whether an old file is overwritten is not carried." });
  };
}

function readHosts(text: string, draft: Draft): void {
  const hosts = text.split(/\s+/).map((host) => host.replace(/[!+@].*$/, ""));
  draft.set("nodelist", hosts);
  if (/[!+@]/.test(text)) {
    draft.lose({ why: "approximated", field: "nodelist", note: "Which host comes first is not carried." });
  }
}

function readLimit(text: string, draft: Draft): void {
  const bytes = readMemory(text.replace(/!$/, ""), "m");
  if (bytes === undefined) draft.lose({ why: "unknown", note: "An amount of memory was expected." });
  else {
    draft.set("memoryBytesPerTask", bytes);
    const note = "A limit for each process, read in MB: sites may count in KB, or for the whole job.";
    draft.lose({ why: "approximated", field: "memoryBytesPerTask", note });
  }
}

function readWarning(text: string, draft: Draft): void {
  const seconds = readHoursMinutes(text);
  if (seconds === undefined)
    draft.lose({ why: "unknown", field: "signal", note: "[hour:]minute was expected." });
  else draft.add("signal", (before = { name: "USR2" }) => ({ ...before, secondsBefore: seconds }));
}

const site = "This is a matter of the LSF site.";
const limits = "A limit of this kind is not carried.";
const command = "This is about the command bsub, not about the job.";
const group = (names: readonly string[], takes: Option["takes"], note: string): Option[] =>
  names.map((name) => unsaid([name], takes, note));

/** Options of bsub. */
export const lsfOptions: readonly Option[] = [
  value(["-J"], readName),
  value(["-P"], asText("account")),
  value(["-q"], asText("queue")),
  value(["-U"], asText("reservation")),
  value(["-n"], readTasks),
  value(["-nnodes"], (text, draft) => draft.set("nodes", Number(text))),
  value(["-R"], readRequirement),
  value(["-gpu"], readGpu),
  value(["-M"], readLimit),
  value(["-W"], asWalltime(readHoursMinutes)),
  flag(["-x"], asFlag("exclusive")),
  value(["-m"], readHosts),
  value(["-w"], readDependency),
  value(["-b"], readStart),
  flag(["-H"], asFlag("hold")),
  flag(["-r"], asFlag("requeue")),
  flag(["-rn"], asFlag("requeue", false)),
  value(["-sp"], (text, draft) => draft.set("priority", { value: Number(text), scale: "lsf" })),
  value(["-wa"], (text, draft) =>
    draft.add("signal", (before) => ({ ...before, name: text.replace(/^SIG/, "").toUpperCase() })),
  ),
  value(["-wt"], readWarning),
  value(["-u"], (user, draft) => draft.add("mail", (mail = { events: [] }) => ({ ...mail, user }))),
  flag(["-B"], addMail("begin")),
  flag(["-N"], addMail("end")),
  value(["-o"], asPath("output")),
  value(["-oo"], overwriting("output")),
  value(["-e"], asPath("error")),
  value(["-eo"], overwriting("error")),
  value(["-i", "-is"], asPath("input")),
  value(["-cwd"], asText("workingDirectory")),
  value(["-env"], readEnvironment),
  ...group(
    ["-app", "-G", "-g", "-sla", "-Lp", "-a", "-ext", "-alloc_flags", "-jsdl", "-Jd", "-hostfile"],
    "value",
    site,
  ),
  ...group(
    ["-data", "-E", "-Ep", "-k", "-L", "-mig", "-Q", "-rnc", "-f", "-outdir", "-network", "-clusters"],
    "value",
    site,
  ),
  ...group(
    ["-c", "-C", "-D", "-F", "-p", "-S", "-T", "-t", "-v", "-We", "-s", "-eptl", "-hl"],
    "value",
    limits,
  ),
  ...group(
    ["-ar", "-ul", "-ti", "-Zs", "-K", "-I", "-Ip", "-Is", "-IS", "-ISp", "-ISs", "-IX", "-V", "-h"],
    "nothing",
    command,
  ),
];
