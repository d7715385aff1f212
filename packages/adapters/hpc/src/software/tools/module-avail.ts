import { z } from "zod";
import { Cursor, Limit } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { pageOf, sayPage } from "../../paging.ts";
import { Query, UseCache } from "../arguments.ts";
import { availableModules } from "../modules.ts";

/** Lists modules. */
export const moduleAvail = operation({
  name: "module_avail",
  description:
    "Lists the environment modules (Lmod or environment-modules) that can be loaded now, by part of their name.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  input: z.strictObject({ query: Query, use_cache: UseCache, limit: Limit, cursor: Cursor }),
  output: z.object({ modules: z.array(z.string()), total: z.number(), next_cursor: z.string().optional() }),
  async run({ query, use_cache: useCache, limit, cursor }, call) {
    const text = query.toLowerCase();
    const names = (await availableModules(call, useCache)).filter((name) =>
      name.toLowerCase().includes(text),
    );
    const { items, ...page } = pageOf(names, { limit, cursor });
    return { modules: [...items], ...page };
  },
  say: ({ modules, next_cursor }) => sayPage(modules, next_cursor),
});
