import { createDraft } from "../draft.ts";
import type { Draft } from "../draft.ts";
import { readDependencies } from "../fields/dependency.ts";
import { readFluxDuration } from "../fields/duration.ts";
import { asCount, asFlag, asText, asWalltime } from "../fields/readers.ts";
import { readBody } from "../read-script.ts";
import { readOptions, unsaid } from "../script/options.ts";
import type { Option } from "../script/options.ts";
import { readRequires } from "./requires.ts";
import { splitFlux } from "./split.ts";
import { asPath, readBegin, readEnvironment, readSignal, readUrgency } from "./text.ts";

const value = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "value", read });
const attributes = "An attribute or option of the job shell is not carried.";
const instance = "How the instance of the batch job is started is not carried.";

const options: readonly Option[] = [
  value(["--job-name"], asText("name")),
  value(["-B", "--bank"], asText("account")),
  value(["-q", "--queue"], asText("queue")),
  value(["-N", "--nodes"], asCount("nodes")),
  value(["-n", "--nslots", "--ntasks"], asCount("tasks")),
  value(["--tasks-per-node"], asCount("tasksPerNode")),
  value(["-c", "--cores-per-slot", "--cores-per-task"], asCount("cpusPerTask")),
  value(["-g", "--gpus-per-slot", "--gpus-per-task"], asCount("gpusPerTask")),
  value(["--gpus-per-node"], asCount("gpusPerNode")),
  { names: ["-x", "--exclusive"], takes: "nothing", read: asFlag("exclusive") },
  value(
    ["-t", "--time-limit"],
    asWalltime((text) => readFluxDuration(text, 60)),
  ),
  value(["--requires"], readRequires),
  value(["--dependency"], readDependencies),
  value(["--begin-time"], readBegin),
  value(["--urgency"], readUrgency),
  value(["--signal"], readSignal),
  value(["--output"], asPath("output")),
  value(["--error"], asPath("error")),
  value(["--input"], asPath("input")),
  value(["--cwd"], asText("workingDirectory")),
  value(["--env"], readEnvironment),
  value(["--env-remove"], (pattern, draft) => readEnvironment(`-${pattern}`, draft)),
  ...["-S", "--setattr", "-o", "--setopt", "--add-file", "--rlimit", "--flags", "--taskmap"].map((name) =>
    unsaid([name], "value", attributes),
  ),
  ...["--conf", "--broker-opts", "--env-file", "--cores", "--tasks-per-core"].map((name) =>
    unsaid([name], "value", instance),
  ),
  ...["--cc", "--bcc", "--progress"].map((name) => unsaid([name], "value", "Only flux submit takes this.")),
  ...["--dump"].map((name) => unsaid([name], "optional", instance)),
  ...[
    "-u",
    "--unbuffered",
    "-l",
    "--label-io",
    "-v",
    "--verbose",
    "--debug",
    "--wrap",
    "--dry-run",
    "--wait",
  ].map((name) => unsaid([name], "nothing", "This is about the command, not about the job.")),
];

/**
 * Reads a script for `flux batch`.
 * @see Flux RFC 36, man flux-batch (0.88)
 */
export function readFlux(text: string): Draft {
  const draft = createDraft();
  const parts = splitFlux(text);
  readBody(draft, parts);
  readOptions(parts.directives, { options, abbreviates: true }, draft);
  const { nodes, tasks, tasksPerNode, exclusive } = draft.job;
  const origin = draft.origins.get("nodes");
  if (nodes !== undefined && origin !== undefined && (tasks ?? tasksPerNode) === undefined) {
    // "flux batch -N4" alone means whole nodes.
    draft.at(origin);
    if (exclusive === undefined) draft.set("exclusive", true);
  }
  for (const { line, text: stray } of parts.stray) {
    draft.at({ directive: stray.trim().split(/[\s=]/)[0] ?? "", line, value: stray.trim() });
    draft.lose({
      why: "not a directive",
      note: "After the first command flux batch refuses it: it stays a comment.",
    });
  }
  return draft;
}
