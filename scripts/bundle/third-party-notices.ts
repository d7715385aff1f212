import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "tsup";

/** Packages that look for files beside themselves in code that is not run here, or do without. */
const unbothered = new Set([
  "@colors/colors",
  "@fastify/swagger",
  "commander",
  "pino",
  "thread-stream",
  "tsup",
]);

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/**
 * Writes the licenses of every package that ends up in a bundle into a file, as their terms ask, and fails the
 * build when a bundled package reads files beside itself: it must be external instead.
 */
export function thirdPartyNotices(file = "third-party-licenses.txt"): Plugin {
  return {
    name: "third-party-notices",
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        const inputs = Object.keys(metafile?.inputs ?? {});
        const lost = inputs.filter((input) => looksBeside(input));
        if (lost.length > 0)
          return {
            errors: [
              { text: `Not to be bundled, as they look for files beside themselves: ${lost.join(", ")}` },
            ],
          };
        const folders = new Set(inputs.flatMap((input) => packageFolder(input) ?? []));
        const notices = [...folders].toSorted().map((folder) => notice(folder));
        if (notices.length > 0)
          writeFileSync(join(build.initialOptions.outdir ?? "dist", file), `${notices.join("\n\n")}\n`);
        return undefined;
      });
    },
  };
}

/** `.../node_modules/@scope/name` of a file inside it; nothing for files of this workspace. */
function packageFolder(input: string): string | undefined {
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

function looksBeside(input: string): boolean {
  const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
  if (name === undefined || unbothered.has(name)) return false;
  return /\b__(?:dirname|filename)\b|new URL\([^)]*import\.meta\.url/.test(readFileSync(input, "utf8"));
}

function notice(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)/i.test(name));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `${field(manifest, "name")} ${field(manifest, "version")}: ${field(manifest, "license")}\n\n${text}`.trim();
}

function field(manifest: unknown, name: string): string {
  const value: unknown =
    typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, name) : undefined;
  return typeof value === "string" ? value : "";
}
