import type { BatchField } from "../batch-job.ts";
import type { Draft } from "../draft.ts";
import { readMemory } from "./memory.ts";

type Read = (value: string, draft: Draft) => void;

/** Fields that hold a whole number. */
export type CountField =
  | "nodes"
  | "tasks"
  | "tasksPerNode"
  | "cpusPerTask"
  | "gpus"
  | "gpusPerNode"
  | "gpusPerTask";
/** Fields that hold one line of text. */
export type TextField =
  | "name"
  | "account"
  | "queue"
  | "qos"
  | "reservation"
  | "workingDirectory"
  | "interpreter"
  | "containerImage";
export type MemoryField =
  | "memoryBytes"
  | "memoryBytesPerNode"
  | "memoryBytesPerTask"
  | "memoryBytesPerCpu"
  | "memoryBytesPerGpu";

const unusable = (draft: Draft, field: BatchField, note: string): void =>
  draft.lose({ why: "unknown", field, note });

/** Reads a whole number. */
export const asCount =
  (field: CountField): Read =>
  (value, draft) =>
    /^\d{1,9}$/.test(value)
      ? draft.set(field, Number(value))
      : unusable(draft, field, "A whole number was expected.");

/** Reads a line of text. */
export const asText =
  (field: TextField): Read =>
  (value, draft) =>
    value === "" ? unusable(draft, field, "A value was expected.") : draft.set(field, value);

/** Reads an amount of memory; `0` is Slurm's word for all of it. */
export const asMemory =
  (field: MemoryField, bareUnit: "" | "k" | "m"): Read =>
  (value, draft) => {
    const bytes = readMemory(value, bareUnit);
    if (bytes !== undefined) draft.set(field, bytes);
    else if (/^0\D*$/.test(value)) {
      const note = "All memory of a node: no amount to carry.";
      draft.lose({ why: "no counterpart", field, note });
    } else unusable(draft, field, "An amount of memory such as 4G was expected.");
  };

/** Reads a duration by one of the readers of `duration.ts`; 0 is no limit, which is the same as none asked for. */
export const asWalltime =
  (read: (value: string) => number | undefined): Read =>
  (value, draft) => {
    const seconds = read(value);
    if (seconds !== undefined && seconds > 0) draft.set("walltimeSeconds", seconds);
    else if (seconds === 0) {
      const note = "No time limit is not carried: the target's default holds.";
      draft.lose({ why: "no counterpart", field: "walltimeSeconds", note });
    } else unusable(draft, "walltimeSeconds", "This is no duration.");
  };

/** Sets a yes-or-no field. */
export const asFlag =
  (field: "exclusive" | "hold" | "requeue", set = true): Read =>
  (_value, draft) =>
    draft.set(field, set);

/** Adds one variable `NAME=value`, or the name of one to inherit. */
export function addVariable(text: string, draft: Draft): void {
  const at = text.indexOf("=");
  const name = at < 0 ? text : text.slice(0, at);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    unusable(draft, "environment", `${JSON.stringify(name.slice(0, 40))} is no name of a variable.`);
    return;
  }
  draft.add("environment", (before = {}) =>
    at < 0
      ? { ...before, names: [...(before.names ?? []), name] }
      : { ...before, variables: { ...before.variables, [name]: text.slice(at + 1) } },
  );
}

/** Sets what is inherited of the submitter's environment. */
export const inherit = (how: "all" | "none", draft: Draft): void =>
  draft.add("environment", (before) => ({ ...before, inherit: how }));

/** Splits `A=1,B="x,y",C` at commas outside quotes, and takes the quotes away. */
export function splitList(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|'[^']*'|[^,"'])+|(?<=,)(?=,)/g) ?? [];
  return parts
    .map((part) => part.trim().replace(/"([^"]*)"|'([^']*)'/g, "$1$2"))
    .filter((part) => part !== "");
}
