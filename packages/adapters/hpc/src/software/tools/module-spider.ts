import { z } from "zod";
import { Cursor, Limit } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { pageOf, sayPage } from "../../paging.ts";
import { Query, SlowSeconds } from "../arguments.ts";
import { SpiderPackage, availableModules, spider } from "../modules.ts";

/** Searches all modules of the site. */
export const moduleSpider = operation({
  name: "module_spider",
  description:
    "Searches all modules of the site by name and description, those too that need another module first (Lmod). Where the " +
    "site has environment-modules, what can be loaded now.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  task: "optional",
  input: z.strictObject({ query: Query, limit: Limit, cursor: Cursor, timeout_seconds: SlowSeconds(120) }),
  output: z.object({
    source: z.enum(["lmod", "environment-modules"]),
    packages: z.array(SpiderPackage),
    total: z.number(),
    next_cursor: z.string().optional(),
  }),
  async run({ query, limit, cursor, timeout_seconds: seconds }, call) {
    const found = await spider(call, seconds * 1000);
    const packages = found ?? grouped(await availableModules(call, true));
    const text = query.toLowerCase();
    const wanted = packages.filter(({ package: name, description = "" }) =>
      `${name}\n${description}`.toLowerCase().includes(text),
    );
    const { items, ...page } = pageOf(wanted, { limit, cursor });
    const source = found === undefined ? ("environment-modules" as const) : ("lmod" as const);
    return { source, packages: [...items], ...page };
  },
  say: ({ packages, next_cursor }) =>
    sayPage(
      packages.map(({ package: name, versions, description }) =>
        [`${name}: ${versions.join(", ")}`, description].filter(Boolean).join("; "),
      ),
      next_cursor,
    ),
});

function grouped(modules: readonly string[]): SpiderPackage[] {
  const groups = new Map<string, string[]>();
  for (const module of modules) {
    const name = module.split("/")[0] ?? module;
    groups.set(name, [...(groups.get(name) ?? []), module]);
  }
  return [...groups].map(([name, versions]) => ({ package: name, versions }));
}
