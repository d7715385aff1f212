import type { Draft } from "../draft.ts";
import { readHoursFirst } from "../fields/duration.ts";
import { asWalltime } from "../fields/readers.ts";
import { readProperties } from "./properties.ts";

interface Group {
  readonly levels: ReadonlyMap<string, number>;
  readonly properties: string | undefined;
  readonly open: boolean;
}

const nodeLevels = new Set(["nodes", "node", "host", "network_address"]);

function readGroup(text: string): Group {
  const properties = /^\s*\{(.*)\}/.exec(text)?.[1];
  const levels = new Map<string, number>();
  let open = false;
  for (const part of text.replace(/^\s*\{.*\}/, "").split("/")) {
    const [name = "", count = ""] = part.split("=").map((each) => each.trim());
    if (name === "") continue;
    if (/^\d+$/.test(count))
      levels.set(nodeLevels.has(name) ? "nodes" : name.replace(/s$/, ""), Number(count));
    else open = true;
  }
  return { levels, properties, open };
}

/** Cores of one node; sockets and GPUs between node and core multiply. */
function coresOf({ levels }: Group): number | undefined {
  const core = levels.get("core") ?? levels.get("thread");
  return core === undefined ? undefined : core * (levels.get("cpu") ?? 1) * (levels.get("gpu") ?? 1);
}

const sumOf = (groups: readonly Group[], of: (group: Group) => number): number =>
  groups.reduce((sum, group) => sum + of(group), 0);

const nodesOf = (group: Group): number => group.levels.get("nodes") ?? 1;

function readHierarchy(text: string, draft: Draft): void {
  const groups = text.split("+").map(readGroup);
  const [first] = groups;
  if (first === undefined || groups.some(({ open }) => open)) {
    draft.lose({
      why: "no counterpart",
      field: "nodes",
      note: "ALL and BEST are not carried: say a number.",
    });
    return;
  }
  for (const level of new Set(groups.flatMap(({ levels }) => Array.from(levels.keys())))) {
    if (!["nodes", "core", "gpu"].includes(level)) {
      draft.lose({
        why: "approximated",
        note: `The level ${level} is not carried, only the cores under it.`,
      });
    }
  }
  const hasNodes = groups.every(({ levels }) => levels.has("nodes"));
  if (hasNodes) draft.set("nodes", sumOf(groups, nodesOf));
  const gpus = first.levels.get("gpu");
  if (gpus !== undefined) draft.set(hasNodes ? "gpusPerNode" : "gpus", gpus);
  if (groups.every((group) => coresOf(group) !== undefined)) {
    draft.set(
      "tasks",
      sumOf(groups, (group) => nodesOf(group) * (coresOf(group) ?? 1)),
    );
  } else if (hasNodes && gpus === undefined) draft.set("exclusive", true);
  for (const { properties } of groups) if (properties !== undefined) readProperties(properties, draft);
}

/** Reads `-l /nodes=2/core=4,walltime=1:0:0`; a second `-l` is another shape the job could take. */
export function readResources(text: string, draft: Draft): void {
  const walltime = /(?:^|,)\s*walltime=([\d:]+)\s*$/.exec(text)?.[1];
  const hierarchy = text.replace(/(?:^|,)\s*walltime=[\d:]+\s*$/, "");
  const before = draft.origins.get("nodes") ?? draft.origins.get("tasks") ?? draft.origins.get("gpus");
  if (before?.directive === "-l" || before?.directive === "--resource") {
    draft.lose({ why: "no counterpart", note: "A job has one shape here: the first -l is carried." });
    return;
  }
  if (hierarchy !== "") readHierarchy(hierarchy, draft);
  if (walltime !== undefined) asWalltime(readHoursFirst)(walltime, draft);
}
