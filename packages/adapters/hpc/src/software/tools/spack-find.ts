import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Cursor, Limit } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { pageOf, sayPage } from "../../paging.ts";
import { SlowSeconds, SpecText } from "../arguments.ts";
import { InstalledPackage, readInstalled, spack, wordsOf } from "../spack.ts";

/** Lists what Spack has installed. */
export const spackFind = operation({
  name: "spack_find",
  description:
    "Lists packages that Spack has installed and that fit a spec, with version, variants, compiler and hash.",
  toolset: "software",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    spec: SpecText.optional(),
    limit: Limit,
    cursor: Cursor,
    timeout_seconds: SlowSeconds(120),
  }),
  output: z.object({
    packages: z.array(InstalledPackage),
    total: z.number(),
    next_cursor: z.string().optional(),
  }),
  async run({ spec, limit, cursor, timeout_seconds: seconds }, call) {
    const args = ["find", "--json", ...(spec === undefined ? [] : wordsOf(spec))];
    const options = { timeoutMs: seconds * 1000, maxBytes: 64 * 2 ** 20 };
    // Spack fails where nothing fits, which is an answer here.
    const stdout = await spack(call, args, options).then(
      (result) => result.stdout,
      (error: unknown) => {
        if (error instanceof ParleyError && error.code === "E_OBJECT_UNKNOWN") return "[]";
        throw error;
      },
    );
    const { items, ...page } = pageOf(readInstalled(stdout), { limit, cursor });
    return { packages: [...items], ...page };
  },
  say: ({ packages, next_cursor }) => sayPage(packages.map(sayPackage), next_cursor),
});

function sayPackage({ name, version, hash, compiler, variants }: InstalledPackage): string {
  const spec = `${name}${version === undefined ? "" : `@${version}`}`;
  const built = [compiler === undefined ? "" : `with ${compiler}`, variants.join(" ")].filter(
    (part) => part !== "",
  );
  return [`${spec}${hash === undefined ? "" : `/${hash}`}`, ...built].join(", ");
}
