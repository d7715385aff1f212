import { renderTable } from "@parley/cli/table";
import type { Site } from "@parley/providers";
import type { CommandInput } from "../dependencies.ts";
import { clean } from "../render/clean.ts";
import { output } from "../session.ts";
import { siteOptions } from "./options.ts";
import { readSecretaryOptions } from "./read-options.ts";
import { openSite } from "./site.ts";

/** Lists everything that was looked for and whether it is there. */
export async function runProviders(input: CommandInput): Promise<void> {
  const values = readSecretaryOptions(input, siteOptions);
  const { io } = input;
  const say = output(io, values);
  const site = await say.during("Looking around", async () => openSite(values, io));
  try {
    const providers = listed(site);
    say.print({ providers }, () =>
      renderTable({
        head: ["Category", "Provider", "Active", "Detail", "Tools"],
        rows: providers.map(({ category, name, status, tools, detail }) => [
          category,
          name,
          status === "present" ? "yes" : status,
          clean(detail ?? "-", 60),
          tools.join(", ") || "-",
        ]),
        width: io.width,
        colors: io.colors,
      }),
    );
  } finally {
    await site.close();
  }
}

interface Listed {
  readonly category: string;
  readonly name: string;
  readonly status: string;
  readonly tools: readonly string[];
  readonly detail?: string | undefined;
}

function listed(site: Site): readonly Listed[] {
  const toolsOf = (name: string): string[] =>
    (site.providers.get(name)?.tools ?? []).map((tool) => tool.name);
  const probed = site.probes.map(({ category, provider: name, status, detail }) => ({
    category,
    name,
    status,
    tools: toolsOf(name),
    ...(detail === undefined ? {} : { detail }),
  }));
  const names = new Set(probed.map(({ name }) => name));
  const unprobed = [...site.providers.values()]
    .filter(({ name }) => !names.has(name))
    .map(({ category, name }) => ({ category, name, status: "present", tools: toolsOf(name) }));
  return [...probed, ...unprobed].toSorted((left, right) =>
    `${left.category}\0${left.name}` < `${right.category}\0${right.name}` ? -1 : 1,
  );
}
