import { globPattern } from "@parley/core";
import { z } from "zod";
import type { Call } from "../call.ts";
import { Folder, NamePattern, SearchSeconds } from "./arguments.ts";
import { realInside } from "./confine.ts";
import { rootsOf } from "./roots.ts";
import { type EntryType, walk } from "./walk.ts";

/** The arguments of a search by name, which are upstream's. */
export const findArguments = {
  name: NamePattern,
  root: Folder,
  limit: z.number().int().min(1).max(1000).default(10).describe("Most matches, for example: 10"),
  timeout_seconds: SearchSeconds,
} as const;

/** What a search found. */
export const Found = z.object({
  matches: z.array(z.string()),
  visited: z.number(),
  /** False where there may be more. */
  whole: z.boolean(),
});
export type Found = z.infer<typeof Found>;

/** What {@link findByName} looks for. */
export interface FindRequest {
  readonly name: string;
  readonly root: string;
  readonly limit: number;
  readonly timeout_seconds: number;
}

/** Finds files or folders by name below a folder inside. */
export async function findByName(call: Call, type: EntryType, request: FindRequest): Promise<Found> {
  const roots = await rootsOf(call);
  const from = await realInside(request.root, roots);
  const pattern = globPattern(request.name);
  const matches: string[] = [];
  const end = await walk(call, { roots, from, timeoutSeconds: request.timeout_seconds }, (entry) => {
    if (entry.type === type && pattern.test(entry.name)) matches.push(entry.path);
    return matches.length < request.limit;
  });
  return { matches, ...end };
}

/** A search in words. */
export function sayFound({ matches, visited, whole }: Found): string {
  const shown = matches.length === 0 ? ["(none)"] : matches.map((match) => JSON.stringify(match));
  return [...shown, `${String(visited)} names looked at${whole ? "" : "; there may be more"}.`].join("\n");
}
