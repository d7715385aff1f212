import { z } from "zod";
import { Namespace } from "../arguments.ts";
import { operation } from "../operation.ts";

const Found = z.object({
  Matches: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  Truncations: z.record(z.string(), z.boolean()).nullish(),
});

/** Finds jobs, allocations, nodes and so on by the beginning of their ID. */
export const searchCluster = operation({
  name: "search_cluster",
  description: "Finds Nomad jobs, allocations, evaluations, deployments, nodes by the beginning of their ID.",
  toolset: "cluster",
  route: { method: "GET", path: "/api/search" },
  effect: "read",
  input: z.strictObject({
    prefix: z.string().min(1).max(128).describe("Beginning of an ID, for example: we"),
    context: z
      .enum(["all", "jobs", "allocs", "evals", "deployment", "nodes", "namespaces"])
      .default("all")
      .describe("Kind to look for, for example: jobs"),
    namespace: Namespace,
  }),
  output: z.object({ matches: z.record(z.string(), z.array(z.string())), truncated: z.array(z.string()) }),
  async run({ prefix, context, namespace }, call) {
    const found = await call.nomad.read(Found, {
      method: "POST",
      path: ["search"],
      body: { Prefix: prefix, Context: context },
      namespace,
      signal: call.signal,
      doing: "search",
      needs: "read-job",
    });
    const matches = Object.entries(found.Matches ?? {}).flatMap(([kind, ids]) =>
      ids === null || ids.length === 0 ? [] : [[kind, ids] as const],
    );
    const cut = Object.entries(found.Truncations ?? {}).filter(([, truncated]) => truncated);
    return { matches: Object.fromEntries(matches), truncated: cut.map(([kind]) => kind) };
  },
  say: ({ matches }) =>
    Object.entries(matches)
      .map(([kind, ids]) => `${kind}: ${ids.join(", ")}`)
      .join("\n") || "(none)",
});
