import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const fastify = /[\\/]fastify[\\/]/;
const metrics = /[\\/]prom-client[\\/]/;
const unused = 'throw new Error("Left out of this bundle.");';

/** What the command never uses and a bundler cannot tell. */
const parts = [
  // Messages in fifty languages.
  { from: /[\\/]zod[\\/]v4[\\/]/, path: /locales\/index\.(?:c?js)$/, contents: "export {};" },
  // A document's YAML form.
  { from: /[\\/]@fastify[\\/]swagger[\\/]/, path: /^yaml$/, contents: "module.exports = {};" },
  // Schema languages beside zod, and requests without a network.
  { from: fastify, path: /^@fastify\/(?:ajv|fast-json-stringify)-compiler$/, contents: unused },
  { from: fastify, path: /^light-my-request$/, contents: unused },
  // A protocol it does not speak.
  { from: fastify, path: /^node:http2$/, contents: "module.exports = {};" },
  // Whether a plugin fits this fastify: the lockfile has seen to that.
  { from: fastify, path: /^semver$/, contents: "exports.satisfies = () => true;" },
  // Whether a route's pattern is slow: none comes from outside.
  { from: /[\\/]find-my-way[\\/]/, path: /^safe-regex2$/, contents: "module.exports = () => true;" },
  // Commands that are programs of their own.
  { from: /[\\/]commander[\\/]/, path: /^node:child_process$/, contents: "module.exports = {};" },
  // Quantiles, and what pushes or gathers metrics.
  { from: metrics, path: /^\.\/lib\/(?:summary|pushgateway|cluster)$/, contents: "module.exports = {};" },
  // Logging in another thread.
  { from: /[\\/]pino[\\/]/, path: /^thread-stream$/, contents: "module.exports = {};" },
] as const;

/** Puts next to nothing in the place of each of them: what is not in the bundle takes no time to compile. */
export function leaveOut(): Plugin {
  return {
    name: "leave-out",
    setup(build) {
      for (const [index, { from, path }] of parts.entries()) {
        build.onResolve({ filter: path }, ({ importer, path: wanted }) =>
          from.test(importer)
            ? { path: `${index}:${wanted}`, namespace: "left-out", pluginData: index }
            : undefined,
        );
      }
      build.onLoad({ filter: /.*/, namespace: "left-out" }, ({ pluginData }) => ({
        contents: parts[Number(pluginData)]?.contents ?? "",
      }));
    },
  };
}
