import { isDeepStrictEqual } from "node:util";
import { longFlag } from "@parley/cli";
import type { OptionTable } from "@parley/cli";
import { loadingOptions } from "../loading-options.ts";
import { startOptions } from "../options.ts";
import type { Settings } from "../settings.ts";

/** What the operator should know of an edit under `--watch` that a running server cannot follow. */
export function needsRestart(running: Settings, edited: Settings, own: OptionTable = {}): string | undefined {
  const changed = Object.entries(startOptions).flatMap(([key, definition]) => {
    const isFollowed = Object.hasOwn(loadingOptions, key) && key !== "watch";
    if (isFollowed || isDeepStrictEqual(Reflect.get(running, key), Reflect.get(edited, key))) return [];
    return [longFlag(definition)];
  });
  const ofOwn = Object.entries(own).filter(([key]) => !isDeepStrictEqual(running.own[key], edited.own[key]));
  changed.push(...ofOwn.map(([, definition]) => longFlag(definition)));
  if (changed.length === 0) return undefined;
  return `Changed in the file, and in force from the next start: ${changed.join(", ")}.`;
}
