import { ParleyError } from "@parley/core/errors";
import { nearest } from "./nearest.ts";
import { inFile } from "./settle.ts";
import type { FileSource } from "./settle.ts";

/**
 * Every key of a configuration file that no option has, with the nearest one that exists.
 * `known` and `free` are dotted places; what lies under a free one is checked by its owner.
 */
export function fileKeyProblems(
  file: FileSource,
  known: readonly string[],
  free: readonly string[] = [],
): readonly ParleyError[] {
  const places = [...known, ...free];
  const walk = (value: unknown, path: string): readonly ParleyError[] => {
    if (places.includes(path)) return [];
    if (path !== "" && !places.some((name) => name.startsWith(`${path}.`))) return [unknown(path)];
    const inner = value ?? {};
    if (typeof inner !== "object" || Array.isArray(inner)) {
      const message = `"${path}" must be a mapping of settings.`;
      return [inFile(file, path, new ParleyError("E_CONFIG_INVALID", message))];
    }
    return Object.entries(inner).flatMap(([key, below]) => {
      const full = path === "" ? key : `${path}.${key}`;
      return key.includes(".") ? [unknown(full, full.replace(key, JSON.stringify(key)))] : walk(below, full);
    });
  };
  const unknown = (path: string, place = path): ParleyError => {
    const close = closest(path, places);
    const hint =
      close === undefined
        ? ""
        : close === path
          ? "; write it as nested mappings"
          : `; did you mean "${close}"?`;
    return inFile(file, place, new ParleyError("E_CONFIG_UNKNOWN", `unknown key "${path}"${hint}`));
  };
  return walk(file.values, "");
}

/** A neighbour with a similar name, else a place elsewhere whose last part is that very name. */
function closest(path: string, places: readonly string[]): string | undefined {
  if (places.includes(path)) return path;
  const cut = path.lastIndexOf(".") + 1;
  const parent = path.slice(0, cut);
  const below = places.filter((place) => place.startsWith(parent)).map((place) => place.slice(cut));
  const sibling = nearest(
    path.slice(cut),
    below.map((place) => place.replace(/\..*$/, "")),
  );
  if (sibling !== undefined) return `${parent}${sibling}`;
  return places.find((place) => place.endsWith(`.${path.slice(cut)}`)) ?? nearest(path, places);
}

/** Refuses the first key of a configuration file that no option has. @throws `E_CONFIG_UNKNOWN`, `E_CONFIG_INVALID` */
export function checkFileKeys(
  file: FileSource,
  known: readonly string[],
  free: readonly string[] = [],
): void {
  for (const problem of fileKeyProblems(file, known, free)) throw problem;
}
