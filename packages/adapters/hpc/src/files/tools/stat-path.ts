import { z } from "zod";
import { lstat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { operation } from "../../operation.ts";
import { Path } from "../arguments.ts";
import { fileError, inFolder, realInside } from "../confine.ts";
import { rootsOf } from "../roots.ts";
import { typeOf } from "../walk.ts";

/** Says what a path is. */
export const filesystemStat = operation({
  name: "filesystem_stat",
  description: "Says what a path of the folders open to the file tools is: type, size, times, mode, owner.",
  toolset: "files",
  effect: "read",
  openWorld: false,
  input: z.strictObject({ path: Path }),
  output: z.object({
    path: z.string(),
    type: z.enum(["file", "directory", "symlink", "other"]),
    size_bytes: z.number(),
    /** Octal, such as 0640. */
    mode: z.string(),
    uid: z.number(),
    gid: z.number(),
    modified_at: z.string(),
    changed_at: z.string(),
  }),
  async run({ path }, call) {
    const roots = await rootsOf(call);
    const real = await realInside(path, roots);
    const isRoot = roots.some((root) => root.real === real);
    const [folder, name] = isRoot ? [real, "."] : [dirname(real), basename(real)];
    return inFolder(folder, roots, async (opened) => {
      const found = await lstat(opened.at(name)).catch((error: unknown) => fileError(path, error));
      return {
        path: real,
        type: typeOf(found),
        size_bytes: found.size,
        mode: (found.mode & 0o7777).toString(8).padStart(4, "0"),
        uid: found.uid,
        gid: found.gid,
        modified_at: found.mtime.toISOString(),
        changed_at: found.ctime.toISOString(),
      };
    });
  },
  say: ({ path, type, size_bytes, mode, modified_at }) =>
    `${path}: ${type}, ${String(size_bytes)} bytes, mode ${mode}, changed ${modified_at}`,
});
