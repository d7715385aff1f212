import { renderTable } from "@parley/cli/table";
import { applications } from "@parley/secretary";
import type { CommandInput } from "../dependencies.ts";
import { clean } from "../render/clean.ts";
import { output } from "../session.ts";
import { readSecretaryOptions } from "./read-options.ts";

/** Lists the applications of the vocabulary. */
export async function runApps(input: CommandInput): Promise<void> {
  const values = readSecretaryOptions(input, {});
  const all = applications.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  output(input.io, values).print({ applications: all }, () =>
    renderTable({
      head: ["Application", "Programs", "Also called"],
      rows: all.map(({ name, aliases, binaries }) => [
        name,
        clean(binaries.join(", "), 40) || "-",
        aliases.join(", ") || "-",
      ]),
      width: input.io.width,
      colors: input.io.colors,
    }),
  );
}
