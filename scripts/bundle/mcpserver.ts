import { fileURLToPath } from "node:url";
import type { Library } from "./command-files.ts";

/** Programs that are `mcpserver start` under another name start it from its library. */
export const mcpserver: Library = {
  folder: fileURLToPath(new URL("../../apps/mcpserver/src/", import.meta.url)),
  name: "@parley/mcpserver",
};
