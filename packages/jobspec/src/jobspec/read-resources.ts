import type { Draft } from "../draft.ts";
import { readMemory } from "../fields/memory.ts";
import { isOpen, leastOf } from "./count.ts";
import { fieldsAt, itemsOf } from "./json.ts";
import type { Fields } from "./json.ts";

interface Found {
  nodes: number | undefined;
  slots: number;
  cores: number;
  gpus: number;
  memory: number | undefined;
  exclusive: boolean;
}

interface At {
  readonly path: string;
  /** How many of this vertex there are in all, or in one slot once inside. */
  readonly times: number;
  readonly inSlot: boolean;
}

function memoryOf(vertex: Fields): number | undefined {
  const unit = typeof vertex["unit"] === "string" ? vertex["unit"] : "";
  return readMemory(`${leastOf(vertex["count"])}${unit}`, "m");
}

function visit(vertex: unknown, at: At, context: { found: Found; draft: Draft }): void {
  const { found, draft } = context;
  const fields = fieldsAt(vertex);
  const { type, count } = fields;
  const times = at.times * leastOf(count);
  draft.at({ directive: at.path, value: JSON.stringify(count) ?? "" });
  if (isOpen(count)) draft.lose({ why: "approximated", note: "The least of a range is carried." });
  if (fields["id"] !== undefined)
    draft.lose({ why: "no counterpart", note: "A resource by its id is not carried." });
  if (type === "node") {
    found.nodes = times;
    found.exclusive ||= fields["exclusive"] === true;
  } else if (type === "slot") found.slots = times;
  else if (type === "core" && at.inSlot) found.cores += times;
  else if (type === "gpu" && at.inSlot) found.gpus += times;
  else if (type === "memory" && at.inSlot) found.memory = memoryOf(fields);
  else draft.lose({ why: "approximated", note: `${String(type)} is not carried, only what is under it.` });
  const inSlot = at.inSlot || type === "slot";
  const next = type === "slot" ? 1 : times;
  for (const [index, child] of itemsOf(fields["with"]).entries()) {
    visit(child, { path: `${at.path}/with/${index}`, times: next, inSlot }, context);
  }
}

/** Reads the tree of resources: nodes, slots, and what one slot has. */
export function readResources(jobspec: Fields, draft: Draft): void {
  const found: Found = { nodes: undefined, slots: 1, cores: 0, gpus: 0, memory: undefined, exclusive: false };
  const [first, ...more] = itemsOf(jobspec["resources"]);
  visit(first, { path: "/resources/0", times: 1, inSlot: false }, { found, draft });
  draft.at({ directive: "/resources", value: "" });
  if (more.length > 0)
    draft.lose({ why: "no counterpart", note: "One tree of resources is carried: the first." });
  const [task, ...others] = itemsOf(jobspec["tasks"]);
  const { total, per_slot: perSlot, per_resource: perResource } = fieldsAt(task, "count");
  const tasks = typeof total === "number" ? total : found.slots * (typeof perSlot === "number" ? perSlot : 1);
  if (perResource !== undefined || (typeof perSlot === "number" && perSlot > 1)) {
    draft.lose({ why: "approximated", field: "tasks", note: "A slot has one task here." });
  }
  if (others.length > 0)
    draft.lose({ why: "no counterpart", field: "command", note: "One task is carried: the first." });
  if (found.nodes !== undefined) draft.set("nodes", found.nodes);
  draft.set("tasks", tasks);
  draft.set("cpusPerTask", Math.max(1, found.cores));
  if (found.gpus > 0) draft.set("gpusPerTask", found.gpus);
  if (found.memory !== undefined) draft.set("memoryBytesPerTask", found.memory);
  if (found.exclusive) draft.set("exclusive", true);
}
