import { ParleyError } from "@parley/core";
import { which } from "@parley/exec";
import { realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { operation } from "../../operation.ts";
import { spackProgram } from "../spack.ts";

const places = ["bin", "share", "etc", "var", "opt"] as const;

/** Says where Spack is. */
export const whichSpack = operation({
  name: "which_spack",
  description: "Says where Spack is installed and which of its folders exist, without running it.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  input: z.strictObject({}),
  output: z.object({
    program: z.string(),
    root: z.string(),
    paths: z.record(z.string(), z.object({ path: z.string(), exists: z.boolean() })),
  }),
  async run(_args, call) {
    const program = await which(spackProgram(call), call.env["PATH"] ?? "");
    if (program === undefined) {
      throw new ParleyError(
        "E_EXEC_NOT_FOUND",
        "Spack was not found: set SPACK_ROOT or PATH for this server.",
      );
    }
    const root = dirname(dirname(await realpath(program)));
    const paths = await Promise.all(
      places.map(async (name) => {
        const path = join(root, name);
        const exists = await stat(path).then(
          () => true,
          () => false,
        );
        return [name, { path, exists }] as const;
      }),
    );
    return { program, root, paths: Object.fromEntries(paths) };
  },
  say: ({ program, root }) => `${program}, of the installation in ${root}`,
});
