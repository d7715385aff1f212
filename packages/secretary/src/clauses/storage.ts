import { bytesPerGib, formatBytes } from "@parley/core";
import type { Facts, JobRequirements, Storage } from "@parley/core";
import { anyOf, atLeast } from "../clause.ts";
import type { Finding, Outcome } from "../clause.ts";
import { absence, speaksForNodes } from "../scope.ts";
import { clip, list, plainName } from "../words.ts";

type Wanted = NonNullable<JobRequirements["storage"]>[number];

export function storageFindings(requirements: JobRequirements, facts: Facts): readonly Finding[] {
  return (requirements.storage ?? []).flatMap((wanted, index) =>
    wanted.importance === "ignore" ? [] : [storageFinding(wanted, `storage.${index}`, facts)],
  );
}

function storageFinding(wanted: Wanted, path: string, facts: Facts): Finding {
  const fitting = facts.storage.filter((item) => isKind(item, wanted));
  const best = anyOf(fitting.map((item) => roomFor(item, wanted)));
  const seen = facts.storage.some(({ scope }) => speaksForNodes(facts, scope));
  const shown = fitting.length > 0 ? fitting : facts.storage;
  const nothing: Outcome = seen ? "unmet" : absence(facts, "storage");
  return {
    path,
    need: storageInWords(wanted),
    have: shown.length === 0 ? "no storage was read" : `has ${list(shown.map(inWords), 4)}`,
    outcome: fitting.length === 0 ? nothing : best,
    importance: wanted.importance,
    evidence: shown.map(({ evidence }) => evidence),
  };
}

/** `parallel` is a property of several kinds; a path must lie on the file system. */
function isKind(item: Storage, wanted: Wanted): boolean {
  const kind = wanted.kind === undefined ? undefined : plainName(wanted.kind);
  const kindFits =
    kind === undefined || plainName(item.kind) === kind || (kind === "parallel" && item.parallel);
  if (wanted.path === undefined) return kindFits;
  const root = item.path === undefined ? undefined : item.path.replace(/\/+$/, "");
  return kindFits && root !== undefined && `${wanted.path}/`.startsWith(`${root}/`);
}

function roomFor(item: Storage, wanted: Wanted): Outcome {
  return wanted.minFreeGb === undefined ? "met" : atLeast(item.freeBytes, wanted.minFreeGb * bytesPerGib);
}

export function storageInWords(wanted: Wanted): string {
  const room =
    wanted.minFreeGb === undefined ? "" : ` with ${formatBytes(wanted.minFreeGb * bytesPerGib)} free`;
  const path = wanted.path === undefined ? "" : ` at ${clip(wanted.path, 80)}`;
  return `${wanted.kind === undefined ? "" : `${wanted.kind} `}storage${path}${room}`;
}

function inWords(item: Storage): string {
  const free = item.freeBytes === undefined ? "" : ` with ${formatBytes(item.freeBytes)} free`;
  return `${item.kind}${item.path === undefined ? "" : ` ${clip(item.path, 40)}`}${free}`;
}
