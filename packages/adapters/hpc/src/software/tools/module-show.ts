import { z } from "zod";
import { endOf } from "../../execute.ts";
import { operation } from "../../operation.ts";
import { ModuleName } from "../arguments.ts";
import { askModules, moduleSystem } from "../modules.ts";

/** Says what a module does. */
export const moduleShow = operation({
  name: "module_show",
  description:
    "Says what loading an environment module would do: paths it adds and variables it sets. Nothing is loaded.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  input: z.strictObject({ module_name: ModuleName }),
  output: z.object({
    module_name: z.string(),
    bin_paths: z.array(z.string()),
    lib_paths: z.array(z.string()),
    variables: z.record(z.string(), z.string()),
    raw: z.string(),
  }),
  async run({ module_name: name }, call) {
    const { stderr } = await askModules(call, await moduleSystem(call), ["show", name]);
    const raw = endOf(stderr, 20_000);
    return { module_name: name, ...readShown(raw), raw };
  },
  say: ({ raw }) => raw,
});

/** Lmod writes `prepend_path("PATH","/x")`, environment-modules `prepend-path PATH /x`. */
const line =
  /^\s*(prepend|append|set)[-_]?(path|env)\s*\(?\s*["{]?([A-Za-z_]\w*)["}]?[\s,]+["{]?([^"{}\n]*?)["}]?\)?\s*$/;

interface Shown {
  readonly bin_paths: string[];
  readonly lib_paths: string[];
  readonly variables: Record<string, string>;
}

/** Reads what a module adds and sets. */
function readShown(text: string): Shown {
  const found: Shown = { bin_paths: [], lib_paths: [], variables: {} };
  for (const shown of text.split("\n")) {
    const [, verb, , name = "", value = ""] = line.exec(shown) ?? [];
    if (verb === undefined) continue;
    if (name === "PATH") found.bin_paths.push(value);
    else if (name === "LD_LIBRARY_PATH" || name === "LIBRARY_PATH") found.lib_paths.push(value);
    else if (verb === "set") found.variables[name] = value;
  }
  return { ...found, lib_paths: [...new Set(found.lib_paths)] };
}
