import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type LoadedItems,
  loadEvents,
  loadItems,
  loadPrompt,
  loadResource,
  loadTool,
  type LoadToolOptions,
} from "@parley/tool-registry";
import { resolveAlias } from "./aliases.ts";
import type { LoadEntry } from "./entry.ts";
import { holdExit } from "./hold-exit.ts";
import { leased } from "./lease.ts";

export type EntryKind = "tool" | "prompt" | "resource" | "event" | "toolModule";

/** How one entry is loaded. */
export interface EntryOptions {
  /** The configuration file, whose folder its relative paths start from. */
  readonly config?: string | undefined;
  /** Reads files anew and says which were read. */
  readonly fresh: boolean;
  readonly onFile: (path: string) => void;
}

/** Packages that come with this program and need no installing. */
const ownPackages = {
  "@parley/echo": () => import("@parley/echo"),
  "@parley/events": () => import("@parley/events"),
} as const;

const nothing: LoadedItems = { tools: [], prompts: [], resources: [], events: [] };

/** Loads one entry. @throws `E_TOOL_LOAD` */
export async function loadEntry(
  kind: EntryKind,
  entry: LoadEntry,
  { config, fresh, onFile }: EntryOptions,
): Promise<LoadedItems> {
  const cwd = entry.inFile && config !== undefined ? dirname(resolve(config)) : process.cwd();
  const { spec: given, name, description, tags, options } = entry;
  const from = entry.inFile && config !== undefined ? `${config}: ${entry.where}` : entry.where;
  const spec = resolveAlias(given);
  if (fresh) onFile(fileOf(spec, cwd));
  const searchFrom = [fileURLToPath(new URL(".", import.meta.url))];
  const origin = `${given} (${from})`;
  const common = { cwd, searchFrom, packages: ownPackages, fresh, onFile, tags, options, origin };
  return await holdExit(() => loadKind(kind, spec, { ...common, name, description }));
}

async function loadKind(kind: EntryKind, spec: string, options: LoadToolOptions): Promise<LoadedItems> {
  if (kind === "tool") return { ...nothing, tools: [await loadTool(spec, options)] };
  if (kind === "prompt") return { ...nothing, prompts: [await loadPrompt(spec, options)] };
  if (kind === "resource") return { ...nothing, resources: [await loadResource(spec, options)] };
  if (kind === "event") return { ...nothing, events: [await loadEvents(spec, options)] };
  return leased(await loadItems(spec, options));
}

/** Where a file would be that is not there yet, so that its coming is noticed. */
function fileOf(spec: string, cwd: string): string {
  const path = spec.replace(/^[^./=#]*=/, "").replace(/#.*$/, "");
  return isAbsolute(path) ? path : resolve(cwd, path);
}
