import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError, toParleyError } from "@parley/core";
import type { LoadedItems, Registry } from "@parley/tool-registry";
import { type LoadEntry, entryOf } from "./entry.ts";
import { checked } from "./checked.ts";
import { filterItems } from "./filter.ts";
import { type Fingerprints, fingerprintNow } from "./fingerprint.ts";
import { finalStatusPrompt } from "./final-status.ts";
import { type EntryKind, loadEntry } from "./load-entry.ts";
import type { MountEntry } from "./mount-entry.ts";

/** The settings that say what is loaded. */
export interface LoadSettings {
  readonly tool: readonly (LoadEntry | string)[];
  readonly prompt: readonly (LoadEntry | string)[];
  readonly resource: readonly (LoadEntry | string)[];
  readonly event: readonly (LoadEntry | string)[];
  readonly toolModule: readonly (LoadEntry | string)[];
  readonly mount: readonly MountEntry[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly strict: boolean;
  readonly watch: boolean;
  readonly config?: string | undefined;
  readonly role: string;
}

export interface LoaderOptions {
  readonly registry: Registry;
  /** One line for the operator. */
  readonly notice: (text: string) => void;
  /** Whether to serve what comes with the server: its prompt, and simple_echo where nothing is named. Default true. */
  readonly standIn?: boolean | undefined;
}

/** What a server has loaded, and can load again. */
export interface Loader {
  /**
   * Loads everything. What cannot be loaded is left out with a notice, or refused when the settings are strict.
   * @throws `E_TOOL_DUPLICATE`, `E_TOOL_INVALID`; when strict, `E_TOOL_LOAD`
   */
  load(settings: LoadSettings): Promise<void>;
  /**
   * Loads again what has changed. On any failure what was served stays, and the notice says why.
   * @returns whether what is served is what the files say
   */
  reload(settings: LoadSettings, changed: ReadonlySet<string>): Promise<boolean>;
  /** The files read, and those that would be if they were there. */
  readonly files: Fingerprints;
  close(): Promise<void>;
}

interface Held {
  /** Absent when it could not be loaded. */
  readonly items?: LoadedItems | undefined;
  readonly files: Fingerprints;
  /** Whether the items are older than the files. */
  readonly stale: boolean;
}

interface Loaded {
  readonly one: Held;
  readonly error?: ParleyError | undefined;
}

interface Wanted {
  readonly kind: EntryKind;
  readonly entry: LoadEntry;
  readonly key: string;
}

const kinds = ["tool", "prompt", "resource", "event", "toolModule"] as const;
const registryOrigin = "what was loaded";
/** How long closing waits for toolkits whose calls do not end. */
const closeGraceMs = 5000;

export function createLoader({ registry, notice, standIn = true }: LoaderOptions): Loader {
  let held = new Map<string, Held>();
  const retiring = new Set<Promise<void>>();

  const loadAgain = async (
    wanted: Wanted,
    settings: LoadSettings,
    changed: ReadonlySet<string>,
  ): Promise<Loaded> => {
    const before = held.get(wanted.key);
    const current =
      before !== undefined && !before.stale && ![...before.files.keys()].some((path) => changed.has(path));
    if (current) return { one: before };
    const { one, error } = await loadOne(wanted, settings);
    if (error === undefined || before?.items === undefined) return { one, error };
    const also = Array.from(before.files.keys(), (path) => [path, fingerprintNow(path)] as const);
    const files = new Map([...also, ...one.files]);
    return { one: { items: before.items, files, stale: true }, error };
  };
  /** Puts everything into the registry at once, or nothing when any of it is refused. */
  const serve = async (next: ReadonlyMap<string, Held>, settings: LoadSettings): Promise<void> => {
    const loaded = together([...next.values()].flatMap(({ items }) => items ?? []));
    const whole = standIn && isNothingNamed(next, settings) ? await echo() : loaded;
    const named = new Set(whole.prompts.map(({ name }) => name));
    const own = (standIn ? [finalStatusPrompt()] : []).filter(({ name }) => !named.has(name));
    registry.replace(
      registryOrigin,
      filterItems({ ...whole, prompts: [...whole.prompts, ...own] }, settings),
    );
  };
  /** Closes what is no longer served, once the calls that use it have ended; nobody waits for that. */
  const retire = (gone: Iterable<Held>): void => {
    for (const { items } of gone) {
      const closing = (items?.close?.() ?? Promise.resolve())
        .catch((error: unknown) => notice(toParleyError(error).message))
        .finally(() => retiring.delete(closing));
      retiring.add(closing);
    }
  };

  return {
    async load(settings) {
      const next = new Map<string, Held>();
      held = next;
      for (const wanted of wantedOf(settings)) {
        const { one, error } = await loadOne(wanted, settings);
        next.set(wanted.key, one);
        if (error !== undefined && settings.strict) throw blamed(wanted, error);
        if (error !== undefined) notice(`Left out ${nameOf(wanted)}: ${error.message}`);
      }
      await serve(next, settings);
      if (standIn && isNothingNamed(next, settings)) {
        notice("Nothing to serve was named: serving simple_echo. Add tools with --tool.");
      }
    },
    async reload(settings, changed) {
      const next = new Map<string, Held>();
      let whole = true;
      for (const wanted of wantedOf(settings)) {
        const { one, error } = await loadAgain(wanted, settings, changed);
        next.set(wanted.key, one);
        if (error === undefined) continue;
        whole = false;
        const outcome = one.items === undefined ? "Left out" : "Kept what was served of";
        notice(`${outcome} ${nameOf(wanted)}: ${error.message}`);
      }
      const before = held;
      try {
        await serve(next, settings);
        held = next;
      } catch (error) {
        notice(`Kept what was served: ${toParleyError(error).message}`);
        held = withFilesOf(next, before);
        whole = false;
      }
      retire(without(held, [...before.values(), ...next.values()]));
      return whole;
    },
    get files() {
      return new Map([...held.values()].flatMap(({ files }) => [...files]));
    },
    async close() {
      registry.remove(registryOrigin);
      retire(held.values());
      held = new Map();
      await inTime(Promise.all(retiring), closeGraceMs);
    },
  };
}

async function loadOne({ kind, entry }: Wanted, settings: LoadSettings): Promise<Loaded> {
  const files = new Map<string, string>();
  const onFile = (path: string): void => void files.set(path, fingerprintNow(path));
  try {
    const options = { config: settings.config, fresh: settings.watch, onFile };
    return { one: { items: checked(await loadEntry(kind, entry, options)), files, stale: false } };
  } catch (thrown) {
    return { one: { files, stale: true }, error: toParleyError(thrown, "E_TOOL_LOAD") };
  }
}

async function inTime(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const enough = new AbortController();
  await Promise.race([
    work,
    sleep(milliseconds, undefined, { signal: enough.signal }).catch(() => undefined),
  ]);
  enough.abort();
}

function wantedOf(settings: LoadSettings): readonly Wanted[] {
  return kinds.flatMap((kind) =>
    settings[kind].map(entryOf).map((entry, index, all) => {
      const { where: _where, toJSON: _written, ...same } = entry;
      const twins = all
        .slice(0, index)
        .filter(({ spec, inFile }) => spec === entry.spec && inFile === entry.inFile);
      return { kind, entry, key: JSON.stringify([kind, same, twins.length]) };
    }),
  );
}

/** What is still served, watched where the files now are and loaded again at the next change. */
function withFilesOf(next: ReadonlyMap<string, Held>, before: ReadonlyMap<string, Held>): Map<string, Held> {
  const watched = Array.from(next, ([key, { files }]): [string, Held] => [
    key,
    { items: before.get(key)?.items, files, stale: true },
  ]);
  return new Map([...before, ...watched]);
}

function without(kept: ReadonlyMap<string, Held>, all: readonly Held[]): readonly Held[] {
  const using = new Set(Array.from(kept.values(), ({ items }) => items));
  return all.filter(({ items }) => items !== undefined && !using.has(items));
}

function together(parts: readonly LoadedItems[]): LoadedItems {
  return {
    tools: parts.flatMap(({ tools }) => tools),
    prompts: parts.flatMap(({ prompts }) => prompts),
    resources: parts.flatMap(({ resources }) => resources),
    events: parts.flatMap(({ events }) => events),
  };
}

function isNothingNamed({ size }: ReadonlyMap<string, Held>, { role, mount }: LoadSettings): boolean {
  return size === 0 && mount.length === 0 && role === "plain";
}

async function echo(): Promise<LoadedItems> {
  const { createEcho } = await import("@parley/echo");
  return { ...together([]), tools: createEcho().tools };
}

function nameOf({ entry: { spec, where } }: Wanted): string {
  return `${where} ${spec}`;
}

function blamed(wanted: Wanted, { code, message, details }: ParleyError): ParleyError {
  return new ParleyError(code, `${nameOf(wanted)}: ${message}`, { details });
}
