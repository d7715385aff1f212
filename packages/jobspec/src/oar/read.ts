import type { Draft } from "../draft.ts";
import { addDependency } from "../fields/dependency.ts";
import { readIsoDate } from "../fields/begin.ts";
import { readPath } from "../fields/path-pattern.ts";
import { asFlag, asText } from "../fields/readers.ts";
import { readScript } from "../read-script.ts";
import { unsaid } from "../script/options.ts";
import type { Option } from "../script/options.ts";
import type { DirectiveRules } from "../script/split.ts";
import { readProperties } from "./properties.ts";
import { readResources } from "./resources.ts";
import { signalName } from "./signals.ts";

/** oarsub --scanscript reads every line of a script. */
export const oarDirectives: DirectiveRules = { sentinel: /^#OAR(?=\s)/, place: "every line" };

const value = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "value", read });
const flag = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "nothing", read });

const asPath =
  (field: "output" | "error") =>
  (text: string, draft: Draft): void =>
    draft.set(
      field,
      readPath(text, /%jobid%|%jobname%/gi, (match) => ({ fill: /id/i.test(match) ? "jobId" : "jobName" })),
    );

function readType(text: string, draft: Draft): void {
  const inner = /^inner=(.+)$/.exec(text)?.[1];
  if (text === "idempotent") draft.set("requeue", true);
  else if (inner !== undefined) draft.set("reservation", inner);
  else draft.lose({ why: "no counterpart", note: `The type ${text} is not carried.` });
}

const eventNames = { BEGIN: "begin", END: "end", ERROR: "fail" } as const;
function readNotify(text: string, draft: Draft): void {
  const match = /^(?:\[([\w,]+)\])?mail:(.+)$/.exec(text);
  if (match === null) {
    draft.lose({ why: "no counterpart", field: "mail", note: "Only mail is carried, no command." });
    return;
  }
  const asked = match[1]?.split(",") ?? Object.keys(eventNames);
  const events = Object.entries(eventNames).flatMap(([name, event]) => (asked.includes(name) ? [event] : []));
  if (events.length < asked.length) {
    draft.lose({
      why: "no counterpart",
      field: "mail",
      note: "BEGIN, END and ERROR are carried, other events not.",
    });
  }
  draft.set("mail", { user: match[2] ?? "", events });
}

function readReservation(text: string, draft: Draft): void {
  const begin = readIsoDate(text.split(",")[0] ?? "");
  if (begin === undefined) draft.lose({ why: "no counterpart", field: "begin", note: "This is no date." });
  else draft.set("begin", begin);
  if (text.includes(","))
    draft.lose({ why: "no counterpart", note: "The end of a reservation is not carried." });
}

function readArray(text: string, draft: Draft): void {
  if (/^[1-9]\d*$/.test(text)) draft.set("array", { indices: text === "1" ? "1" : `1-${text}` });
  else draft.lose({ why: "unknown", field: "array", note: "A number of jobs was expected." });
}

const site = "This is a matter of the OAR site.";
const options: readonly Option[] = [
  value(["-n", "--name"], asText("name")),
  value(["--project"], asText("account")),
  value(["-q", "--queue"], asText("queue")),
  value(["-l", "--resource"], readResources),
  value(["-p", "--property"], readProperties),
  value(["-t", "--type"], readType),
  value(["-r", "--reservation"], readReservation),
  value(["-a", "--anterior", "--after"], (job, draft) =>
    addDependency({ condition: "afterany", jobs: [job] }, draft),
  ),
  value(["--array"], readArray),
  value(["-d", "--directory"], asText("workingDirectory")),
  value(["-O", "--stdout"], asPath("output")),
  value(["-E", "--stderr"], asPath("error")),
  value(["--notify"], readNotify),
  value(["--checkpoint"], (text, draft) =>
    draft.add("signal", (before = { name: "USR2" }) => ({ ...before, secondsBefore: Number(text) })),
  ),
  value(["--signal"], (text, draft) =>
    draft.add("signal", (before) => ({ ...before, name: signalName(text.replace(/^SIG/, "")) })),
  ),
  flag(["-h", "--hold"], asFlag("hold")),
  ...["--array-param-file", "-i", "--import-job-key-from-file", "--import-job-key-inline", "-e"].map((name) =>
    unsaid([name], "value", site),
  ),
  ...["--export-job-key-to-file", "--resubmit", "--stagein", "-X", "--xml", "-W"].map((name) =>
    unsaid([name], "value", site),
  ),
  ...["-k", "--use-job-key", "-I", "--interactive", "-S", "--scanscript", "-v", "--verbose"].map((name) =>
    unsaid([name], "nothing", "This is about the command oarsub, not about the job."),
  ),
];

/**
 * Reads a script for oarsub --scanscript.
 * @see man oarsub (2.5 and 3)
 */
export const readOar = (text: string): Draft =>
  readScript(text, { directives: oarDirectives, options: { options } });
