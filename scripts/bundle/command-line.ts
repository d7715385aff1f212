import type { Options } from "tsup";
import { commandFiles } from "./command-files.ts";
import type { Library } from "./command-files.ts";
import { leaveOut } from "./leave-out.ts";
import { thirdPartyNotices } from "./third-party-notices.ts";

/** Options with entries by name. */
export type Part = Options & { readonly entry: Readonly<Record<string, string>> };

/**
 * A program's command line: what `--help` and a wrong flag need, in one file. It is CommonJS, which Node.js loads in a
 * third of the time, since its loader of modules waits until a command runs (decision 62).
 * @param commands - the files of `src` that are imported then
 * @param library - a package whose own command line is part of this one
 */
export function commandLine(
  entry: Readonly<Record<string, string>>,
  commands: readonly string[],
  library?: Library,
): Part {
  return {
    entry,
    format: "cjs",
    target: "node20",
    dts: false,
    clean: false,
    shims: true,
    noExternal: [/./],
    // Or what is imported by that protocol reaches no plugin.
    removeNodeProtocol: false,
    esbuildOptions: (options) => {
      options.minifyWhitespace = true;
      options.minifySyntax = true;
      // What is built has no files left that could be told apart.
      if (library !== undefined) options.conditions = ["@parley/source"];
    },
    esbuildPlugins: [
      commandFiles(commands, library),
      leaveOut(),
      thirdPartyNotices("third-party-licenses.cli.txt"),
    ],
  };
}
