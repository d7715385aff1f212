import { formatDuration } from "@parley/core";
import type { CallForProposals, Range } from "@parley/core";
import { networkInWords } from "./clauses/network.ts";
import { softwareInWords } from "./clauses/software.ts";
import { storageInWords } from "./clauses/storage.ts";
import { clip, count, list } from "./words.ts";

const longestCommand = 4000;

type Asked = CallForProposals["requirements"];

/**
 * Says requirements in one neutral English paragraph, for people and for workers that read only words. Objectives
 * and budget stay with the requester, so that nobody answers to please them.
 */
export function renderRequest(requirements: Asked): string {
  const verb = requirements.intent === "check" ? "Can this site run" : "Run";
  const first = `${verb} ${subject(requirements)}${resources(requirements)}`;
  const sentences = [
    first + (requirements.intent === "check" ? "?" : "."),
    ...timeSentences(requirements),
    ...siteSentences(requirements),
    ...requirements.unresolved.map((text) => `Also asked: "${clip(text, 120)}".`),
    ...runSentences(requirements),
  ];
  return sentences.join(" ");
}

function subject(requirements: Asked): string {
  const software = (requirements.software ?? []).map((item) => clip(softwareInWords(item), 120));
  const image = requirements.container?.image;
  const inside = image === undefined ? "" : ` in the image ${clip(image, 120)}`;
  return `${software.length === 0 ? "a job" : all(software)}${inside}`;
}

function resources(requirements: Asked): string {
  const { nodes, cores, coresPerNode, tasks, tasksPerNode, coresPerTask, ...compute } =
    requirements.compute ?? {};
  const { gpu, memory = {} } = requirements;
  const parts = [
    compute.allAvailable === true ? "all idle nodes" : undefined,
    nodes && `${range(nodes, "node")}${compute.exclusive === true ? " used by nothing else" : ""}`,
    cores && `${range(cores, "core")} in all`,
    coresPerNode && `${range(coresPerNode, "core")} per node`,
    tasks && range(tasks, "task"),
    tasksPerNode && `${range(tasksPerNode, "task")} per node`,
    coresPerTask && `${count(coresPerTask, "core")} per task`,
    gpuInWords(gpu),
    memory.totalGb && `${memory.totalGb} GB of memory`,
    memory.perNodeGb && `${memory.perNodeGb} GB of memory per node`,
    memory.perTaskGb && `${memory.perTaskGb} GB of memory per task`,
    memory.perCoreGb && `${memory.perCoreGb} GB of memory per core`,
  ].filter((part) => typeof part === "string");
  return parts.length === 0 ? "" : ` on ${all(parts)}`;
}

function range({ min, max }: Range, noun: string): string {
  if (min === undefined) return `at most ${count(max ?? 1, noun)}`;
  if (max === undefined) return `at least ${count(min, noun)}`;
  return min === max ? count(min, noun) : `${min} to ${count(max, noun)}`;
}

function gpuInWords(gpu: Asked["gpu"]): string | undefined {
  if (gpu === undefined || gpu.importance === "ignore") return undefined;
  if (gpu.need === "none") return "no GPUs";
  const kind = gpu.models === undefined ? (gpu.vendor ?? "") : either(gpu.models);
  const noun = `${kind} GPU`.trim();
  const amount = gpu.perNode
    ? `${range(gpu.perNode, noun)} per node`
    : gpu.perTask
      ? `${range(gpu.perTask, noun)} per task`
      : gpu.total
        ? range(gpu.total, noun)
        : `${noun}s`;
  const memory = gpu.vramGb === undefined ? "" : ` with ${gpu.vramGb} GB of memory each`;
  return `${gpu.need === "optional" ? "optionally " : ""}${amount}${memory}`;
}

function timeSentences(requirements: Asked): readonly string[] {
  const time = requirements.time ?? {};
  const start = time.startWithinSec ?? (time.urgency === "immediate" ? 0 : undefined);
  return [
    time.walltimeSec && `It runs for up to ${formatDuration(time.walltimeSec)}.`,
    start === undefined
      ? undefined
      : start === 0
        ? "It must start now."
        : `It must start within ${formatDuration(start)}.`,
    time.finishWithinSec && `It must be done within ${formatDuration(time.finishWithinSec)}.`,
    time.deadlineAt && `It must be done by ${clip(time.deadlineAt, 40)}.`,
    time.notBeforeAt && `It must not start before ${clip(time.notBeforeAt, 40)}.`,
  ].filter((sentence) => typeof sentence === "string");
}

function siteSentences(requirements: Asked): readonly string[] {
  return [
    ...fabricSentences(requirements),
    ...platformSentences(requirements.platform ?? {}),
    ...schedulerSentences(requirements.scheduler ?? {}),
    requirements.container?.runtimes && `It runs under ${either(requirements.container.runtimes)}.`,
    requirements.array && `It is an array of ${requirements.array.count} jobs.`,
  ].filter((sentence) => typeof sentence === "string");
}

function fabricSentences({ mpi, network, storage }: Asked): readonly (string | undefined)[] {
  const asksNetwork = network !== undefined && network.importance !== "ignore";
  const version = mpi?.version === undefined ? "" : ` ${mpi.op ?? "~"} ${mpi.version}`;
  const latency = mpi?.lowLatency === true ? " with low latency" : "";
  const verb = network?.importance === "preferred" ? "Preferably it has" : "It needs";
  return [
    mpi && `It uses ${clip(mpi.impl ?? "MPI", 60)}${version}${latency}.`,
    asksNetwork ? `${verb} ${networkInWords(network)}.` : undefined,
    ...(storage ?? [])
      .filter(({ importance }) => importance !== "ignore")
      .map((item) => `It needs ${storageInWords(item)}.`),
  ];
}

function platformSentences(platform: NonNullable<Asked["platform"]>): readonly (string | undefined)[] {
  return [
    platform.arch && `The processors must be ${platform.arch}.`,
    platform.cpuVendor && `The processors must be from ${clip(platform.cpuVendor, 60)}.`,
    platform.cpuFlags && `The processors must have ${all(platform.cpuFlags)}.`,
    platform.os && `The operating system must be ${clip(platform.os, 60)}.`,
  ];
}

function schedulerSentences(scheduler: NonNullable<Asked["scheduler"]>): readonly (string | undefined)[] {
  return [
    scheduler.managers && `The scheduler must be ${either(scheduler.managers)}.`,
    scheduler.queue && `Use the queue ${clip(scheduler.queue, 60)}.`,
    scheduler.forbidQueue === true ? "Do not set a queue." : undefined,
    scheduler.account && `Use the account ${clip(scheduler.account, 60)}.`,
    scheduler.namespace && `Use the namespace ${clip(scheduler.namespace, 60)}.`,
  ];
}

function runSentences(requirements: Asked): readonly string[] {
  const execution = requirements.execution ?? {};
  const params = Object.entries(execution.params ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    execution.binaryDir && `The binary is in ${clip(execution.binaryDir, 120)}.`,
    execution.workdir && `The working directory is ${clip(execution.workdir, 120)}.`,
    execution.inputs && `The input is ${all(execution.inputs)}.`,
    params.length > 0 && `The parameters are ${all(params)}.`,
    execution.appFlags && `The program's flags are ${all(execution.appFlags)}.`,
    execution.cpuAffinity && "Every task is pinned.",
    execution.command && `The command is: ${execution.command.slice(0, longestCommand)}`,
  ].filter((sentence) => typeof sentence === "string");
}

/** Every item: a worker that reads only these words must not miss one. */
function all(items: readonly string[]): string {
  return list(items, items.length);
}

function either(items: readonly string[]): string {
  return all(items).replace(/ and (?=[^,]*$)/, " or ");
}
