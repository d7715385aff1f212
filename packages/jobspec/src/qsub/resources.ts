import type { Draft } from "../draft.ts";
import { readDependencies } from "../fields/dependency.ts";
import { readClock } from "../fields/duration.ts";
import { asCount, asMemory, asText, asWalltime } from "../fields/readers.ts";
import { readSignal } from "../slurm/text.ts";
import { readNodes } from "./nodes.ts";

type Read = (value: string, draft: Draft) => void;

function readPlace(value: string, draft: Draft): void {
  if (/(?:^|:)excl(?:host)?(?::|$)/.test(value)) draft.set("exclusive", true);
  if (/(?:^|:)shared(?::|$)/.test(value)) draft.set("exclusive", false);
  const group = /group=\S+/.exec(value)?.[0];
  if (group !== undefined) draft.lose({ why: "no counterpart", note: `place=${group} is not carried.` });
}

function readAccess(value: string, draft: Draft): void {
  if (/^single(?:job|user|account)$/i.test(value)) draft.set("exclusive", true);
  else if (/^shared$/i.test(value)) draft.set("exclusive", false);
  else draft.lose({ why: "unknown", field: "exclusive", note: "singlejob or shared was expected." });
  if (/^single(?:user|account)$/i.test(value)) {
    draft.lose({ why: "approximated", field: "exclusive", note: "Exclusive for the job, not for the user." });
  }
}

function readGres(value: string, draft: Draft): void {
  for (const part of value.split("+").join(",").split(/[,%]/)) {
    const [name = "", count = "1"] = part.split(/[:=]/);
    if (/^gpus?$/i.test(name)) draft.set("gpusPerNode", Number(count));
    else draft.add("licenses", (before = []) => [...before, { name, count: Number(count) }]);
  }
}

const list =
  (field: "constraints" | "nodelist" | "excludeNodes", separator: RegExp): Read =>
  (value, draft) =>
    draft.set(
      field,
      value.split(separator).filter((each) => each !== ""),
    );

/** What `-l NAME=VALUE` says, for PBS Pro, Torque and Moab together. */
export const resources: Readonly<Record<string, Read>> = {
  walltime: asWalltime(readClock),
  nodes: readNodes,
  procs: asCount("tasks"),
  ncpus: asCount("cpusPerTask"),
  tpn: asCount("tasksPerNode"),
  ngpus: asCount("gpusPerNode"),
  gpus: asCount("gpusPerNode"),
  mem: asMemory("memoryBytes", ""),
  pmem: asMemory("memoryBytesPerTask", ""),
  place: readPlace,
  naccesspolicy: readAccess,
  qos: asText("qos"),
  advres: asText("reservation"),
  feature: list("constraints", /[:,]/),
  hostlist: list("nodelist", /[+,:]/),
  excludenodes: list("excludeNodes", /[+,:]/),
  gres: readGres,
  depend: readDependencies,
  signal: readSignal,
};

const understood: Readonly<Record<string, string>> = {
  cput: "Time of the processor is no limit elsewhere: only walltime is carried.",
  pcput: "Time of the processor is no limit elsewhere: only walltime is carried.",
  vmem: "Address space is not carried: mem is.",
  pvmem: "Address space is not carried: mem is.",
  file: "Space for files is not carried.",
  nice: "The nice value of the processes is not carried.",
  software: "Software by name is not carried.",
  partition: "The cluster of a grid is not carried.",
  ddisk: "Space on local disks is not carried.",
  dmem: "Memory for each task in Moab's own unit is not carried: use mem or pmem.",
};

/** Reads one `NAME=VALUE` of `-l`, other than select. */
export function readResource(text: string, draft: Draft): void {
  const at = text.indexOf("=");
  const [name, value] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  const read = Object.hasOwn(resources, name) ? resources[name] : undefined;
  if (read !== undefined && value !== "") read(value, draft);
  else if (Object.hasOwn(understood, name))
    draft.lose({ why: "no counterpart", note: understood[name] ?? "" });
  else draft.lose({ why: "unknown", note: "A resource this site may have and others do not know." });
}
