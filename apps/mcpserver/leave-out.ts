import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** What the command never uses and a bundler cannot tell: zod's messages in fifty languages, swagger's YAML form. */
const parts = [
  { from: /[\\/]zod[\\/]v4[\\/]/, path: /locales\/index\.(?:c?js)$/, contents: "export {};" },
  {
    from: /[\\/]@fastify[\\/]swagger[\\/]/,
    path: /^yaml$/,
    contents: "module.exports = {};",
  },
] as const;

/** Puts an empty module in the place of each of them: what is not in the bundle takes no time to compile. */
export function leaveOut(): Plugin {
  return {
    name: "leave-out",
    setup(build) {
      for (const [index, { from, path }] of parts.entries()) {
        build.onResolve({ filter: path }, ({ importer, path: wanted }) =>
          from.test(importer) ? { path: wanted, namespace: "left-out", pluginData: index } : undefined,
        );
      }
      build.onLoad({ filter: /.*/, namespace: "left-out" }, ({ pluginData }) => ({
        contents: parts[Number(pluginData)]?.contents ?? "",
      }));
    },
  };
}
