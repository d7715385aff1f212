import { z } from "zod";
import { Cursor, Limit } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { pageOf, sayPage } from "../../paging.ts";
import { Query, SlowSeconds, UseCache } from "../arguments.ts";
import { cached, isTexts } from "../cache.ts";
import { spack, spackProgram } from "../spack.ts";

/** Lists what Spack can build. */
export const spackList = operation({
  name: "spack_list",
  description:
    "Lists packages that Spack knows how to build, installed or not, by part of their name. The first listing of a fresh " +
    "Spack takes a minute or two.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  task: "optional",
  input: z.strictObject({
    query: Query,
    use_cache: UseCache,
    limit: Limit,
    cursor: Cursor,
    timeout_seconds: SlowSeconds(300),
  }),
  output: z.object({ packages: z.array(z.string()), total: z.number(), next_cursor: z.string().optional() }),
  async run({ query, use_cache: use, limit, cursor, timeout_seconds: seconds }, call) {
    const names = await cached(call, {
      key: `spack list ${spackProgram(call)}`,
      maxAgeMs: 600_000,
      use,
      is: isTexts,
      async read() {
        call.progress(0, undefined, "Spack lists its packages");
        const { stdout } = await spack(call, ["list", "--format", "name_only"], {
          timeoutMs: seconds * 1000,
        });
        return stdout
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => /^[\w.-]+$/.test(line));
      },
    });
    const text = query.toLowerCase();
    const { items, ...page } = pageOf(
      names.filter((name) => name.toLowerCase().includes(text)),
      { limit, cursor },
    );
    return { packages: [...items], ...page };
  },
  say: ({ packages, next_cursor }) => sayPage(packages, next_cursor),
});
