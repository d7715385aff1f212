import { z } from "zod";
import { Confirm } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { Path } from "../arguments.ts";
import { rootsOf } from "../roots.ts";
import { writeText } from "../write.ts";

/** Writes a file. */
export const filesystemWriteFile = operation({
  name: "filesystem_write_file",
  description:
    "Writes a text file into the folders open to the file tools. An existing file is kept unless mode is append, or " +
    "overwrite, which needs confirm: true.",
  toolset: "files-write",
  effect: "destroy",
  openWorld: false,
  input: z.strictObject({
    path: Path,
    content: z.string().max(4_194_304).describe("Text of the file, for example: units lj"),
    mode: z
      .enum(["create", "overwrite", "append"])
      .default("create")
      .describe("What becomes of a file that is there: create refuses, for example: create"),
    confirm: Confirm,
  }),
  output: z.object({ path: z.string(), bytes: z.number(), replaced: z.boolean() }),
  destroys: ({ path, mode }) =>
    mode === "overwrite" ? `would replace all of ${JSON.stringify(path)}.` : undefined,
  async run({ path, content, mode }, call) {
    return writeText(await rootsOf(call), { path, content, mode });
  },
  say: ({ path, bytes, replaced }) =>
    `Wrote ${String(bytes)} bytes to ${path}${replaced ? ", replacing it" : ""}.`,
});
