import type { Draft } from "../draft.ts";
import { readArray } from "../fields/array.ts";
import { readDependencies } from "../fields/dependency.ts";
import { readSlurmTime } from "../fields/duration.ts";
import { splitHosts } from "../fields/hosts.ts";
import { asCount, asFlag, asMemory, asText, asWalltime } from "../fields/readers.ts";
import type { Option } from "../script/options.ts";
import { asGpus, readGres } from "./gres.ts";
import { asPath, readBegin, readExport, readMailType, readSignal } from "./text.ts";

const value = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "value", read });
const flag = (names: readonly string[], read: Option["read"]): Option => ({ names, takes: "nothing", read });
const optional = (names: readonly string[], read: Option["read"]): Option => ({
  names,
  takes: "optional",
  read,
});

function readNodes(text: string, draft: Draft): void {
  const match = /^(\d+)(k?)(?:-(\d+)k?)?$/.exec(text);
  if (match === null) {
    draft.lose({ why: "unknown", field: "nodes", note: "A number of nodes, or min-max, was expected." });
    return;
  }
  draft.set("nodes", Number(match[1]) * (match[2] === "k" ? 1024 : 1));
  if (match[3] !== undefined && match[3] !== match[1]) {
    draft.lose({ why: "approximated", field: "nodes", note: "The smallest number of the range is carried." });
  }
}

function readConstraint(text: string, draft: Draft): void {
  const features = text.split(/[&,]/).map((each) => each.trim());
  if (/[|*[\]()!]/.test(text)) {
    const note = "Only features that must all be there are carried (a&b).";
    draft.lose({ why: "no counterpart", field: "constraints", note });
  } else draft.set("constraints", features);
}

function readExclusive(text: string, draft: Draft): void {
  draft.set("exclusive", true);
  if (text !== "") {
    draft.lose({
      why: "approximated",
      field: "exclusive",
      note: `Exclusive for the job, not only for a ${text}.`,
    });
  }
}

function readLicenses(text: string, draft: Draft): void {
  const licenses = text.split(/[,;]/).map((part) => {
    const [name = "", count = "1"] = part.split(/[:=]/);
    return { name, count: Number(count) };
  });
  draft.set("licenses", licenses);
}

function readArrayOption(text: string, draft: Draft): void {
  const array = readArray(text);
  if (array !== undefined) draft.set("array", array);
  else draft.lose({ why: "unknown", field: "array", note: "Indices such as 0-9:2%4 were expected." });
}

const nice = (text: string, draft: Draft): void =>
  draft.set("priority", { value: text === "" ? 100 : Number(text), scale: "slurm-nice" });

/** Options of sbatch that have a field. */
export const slurmFields: readonly Option[] = [
  value(["-J", "--job-name"], asText("name")),
  value(["-A", "--account"], asText("account")),
  value(["-p", "--partition"], asText("queue")),
  value(["-q", "--qos"], asText("qos")),
  value(["--reservation"], asText("reservation")),
  value(["-N", "--nodes"], readNodes),
  value(["-n", "--ntasks"], asCount("tasks")),
  value(["--ntasks-per-node", "--tasks-per-node"], asCount("tasksPerNode")),
  value(["-c", "--cpus-per-task"], asCount("cpusPerTask")),
  value(["-G", "--gpus"], asGpus("gpus")),
  value(["--gpus-per-node"], asGpus("gpusPerNode")),
  value(["--gpus-per-task"], asGpus("gpusPerTask")),
  value(["--gres"], readGres),
  value(["--mem"], asMemory("memoryBytesPerNode", "m")),
  value(["--mem-per-cpu"], asMemory("memoryBytesPerCpu", "m")),
  value(["--mem-per-gpu"], asMemory("memoryBytesPerGpu", "m")),
  value(["-t", "--time"], asWalltime(readSlurmTime)),
  optional(["--exclusive"], readExclusive),
  value(["-C", "--constraint"], readConstraint),
  value(["-w", "--nodelist"], (text, draft) => draft.set("nodelist", splitHosts(text))),
  value(["-x", "--exclude"], (text, draft) => draft.set("excludeNodes", splitHosts(text))),
  value(["-L", "--licenses"], readLicenses),
  value(["-d", "--dependency"], readDependencies),
  value(["-a", "--array"], readArrayOption),
  value(["-b", "--begin"], readBegin),
  flag(["-H", "--hold"], asFlag("hold")),
  flag(["--ignore-pbs"], () => undefined),
  flag(["--requeue"], asFlag("requeue")),
  flag(["--no-requeue"], asFlag("requeue", false)),
  value(["--priority"], (text, draft) => draft.set("priority", { value: Number(text), scale: "slurm" })),
  optional(["--nice"], nice),
  value(["--signal"], readSignal),
  value(["--mail-type"], readMailType),
  value(["--mail-user"], (user, draft) => draft.add("mail", (mail = { events: [] }) => ({ ...mail, user }))),
  value(["-o", "--output"], asPath("output")),
  value(["-e", "--error"], asPath("error")),
  value(["-i", "--input"], asPath("input")),
  value(["-D", "--chdir", "--workdir"], asText("workingDirectory")),
  value(["--export"], readExport),
  value(["--container-image"], asText("containerImage")),
];
