import { z } from "zod";
import { operation } from "../../operation.ts";
import { modulePath, moduleSystem } from "../modules.ts";

/** Says where modules come from. */
export const moduleGetPath = operation({
  name: "module_get_path",
  description: "Says which module system this site has and the folders of MODULEPATH.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  input: z.strictObject({}),
  output: z.object({ system: z.enum(["lmod", "tcl"]), program: z.string(), modulepath: z.array(z.string()) }),
  async run(_args, call) {
    const { kind, program } = await moduleSystem(call);
    return { system: kind, program, modulepath: [...modulePath(call)] };
  },
  say: ({ system, program, modulepath }) =>
    `${system} at ${program}; ${modulepath.length === 0 ? "MODULEPATH names no folder" : modulepath.join(":")}`,
});
