import { z } from "zod";
import { operation } from "../../operation.ts";
import { Found, findArguments, findByName, sayFound } from "../find.ts";

/** Finds folders by name. */
export const filesystemFindDirectory = operation({
  name: "filesystem_find_directory",
  description:
    "Finds folders by name below a folder of those open to the file tools, links not followed, with progress.",
  toolset: "files",
  effect: "read",
  openWorld: false,
  task: "optional",
  input: z.strictObject(findArguments),
  output: Found,
  run: (args, call) => findByName(call, "directory", args),
  say: sayFound,
});
