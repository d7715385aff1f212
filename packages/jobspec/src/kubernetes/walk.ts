import type { Draft } from "../draft.ts";
import { fieldsAt } from "../jobspec/json.ts";
import type { Manifest } from "./manifest.ts";

/** Takes the keys of an object one by one; what nobody takes is reported. */
export interface Walk {
  take(key: string, read: (value: unknown) => void): void;
  /** A walk through the object under a key. */
  into(...keys: readonly (string | number)[]): Walk;
  /** Reports every key that was not taken. */
  leaveRest(note: string): void;
}

const shown = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** Starts a {@link Walk} through a part of a manifest. */
export function createWalk(manifest: Manifest, draft: Draft, path: readonly (string | number)[] = []): Walk {
  const here = path.reduce<unknown>(
    (at, key) => (Array.isArray(at) ? at[Number(key)] : fieldsAt(at)[String(key)]),
    manifest.job,
  );
  const left = new Map(Object.entries(fieldsAt(here)));
  const goTo = (key: string, value: unknown): void =>
    draft.at({
      directive: [...path, key].join("."),
      line: manifest.lineOf([...path, key]),
      value: shown(value),
    });
  return {
    take: (key, read) => {
      const value = left.get(key);
      left.delete(key);
      if (value === undefined || value === null) return;
      goTo(key, value);
      read(value);
    },
    into: (...keys) => {
      left.delete(String(keys[0]));
      return createWalk(manifest, draft, [...path, ...keys]);
    },
    leaveRest: (note) => {
      for (const [key, value] of left) {
        goTo(key, value);
        draft.lose({ why: "no counterpart", note });
      }
      left.clear();
    },
  };
}
