import { z } from "zod";
import { findExecutable, oneLine, requireOk, runProgram } from "../_command.ts";
import type { ProviderContext, ProviderTool } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";

const maxEntries = 200;

/** The variables that move the image cache of Singularity and Apptainer. */
const cacheVariables = ["SINGULARITY_CACHEDIR", "APPTAINER_CACHEDIR"];

/** The `list_cache` tool of Singularity and Apptainer. */
export function cacheTool(context: ProviderContext, runtime: string): ProviderTool {
  return defineProviderTool({
    name: "list_cache",
    description: `Entries of the image cache of ${runtime} of this user, at most ${maxEntries}.`,
    input: z.object({}),
    async handler(_args, options) {
      const program = await findExecutable(context, runtime);
      if (program === undefined) return { entries: [], truncated: false };
      const argv = [program, "cache", "list", "-v"];
      const result = requireOk(await runProgram(context, argv, { ...options, pass: cacheVariables }));
      const entries = parseCacheList(result.stdout);
      return { entries: entries.slice(0, maxEntries), truncated: entries.length > maxEntries };
    },
  });
}

/** Reads the table of `cache list -v`: name, date, time, size with unit, type. */
export function parseCacheList(
  text: string,
): readonly { readonly name: string; readonly size: string; readonly type: string }[] {
  return text.split("\n").flatMap((line) => {
    const row = /^(\S+)\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s+(\d\S*\s+\S+)\s+(\S+)\s*$/.exec(line);
    if (row === null) return [];
    return [{ name: oneLine(row[1] ?? ""), size: oneLine(row[3] ?? ""), type: oneLine(row[4] ?? "") }];
  });
}
