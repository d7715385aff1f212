import { z } from "zod";
import { operation } from "../../operation.ts";
import { Found, findArguments, findByName, sayFound } from "../find.ts";

/** Finds files by name. */
export const filesystemFindFile = operation({
  name: "filesystem_find_file",
  description:
    "Finds files by name below a folder of those open to the file tools, links not followed, with progress.",
  toolset: "files",
  effect: "read",
  openWorld: false,
  task: "optional",
  input: z.strictObject(findArguments),
  output: Found,
  run: (args, call) => findByName(call, "file", args),
  say: sayFound,
});
