import { z } from "zod";
import { Uri } from "../arguments.ts";
import { operation } from "../operation.ts";

/** Version, state, size and job counts of an instance. */
export const instanceInfo = operation({
  name: "flux_instance_info",
  description:
    "Says of a Flux instance its version, state, owner, depth, number of brokers, and how many jobs are in which state.",
  toolset: "planning",
  effect: "read",
  input: z.strictObject({ uri: Uri }),
  output: z.object({
    version: z.string().optional(),
    uri: z.string().optional(),
    state: z.string().optional(),
    uptime: z.string().optional(),
    owner: z.string().optional(),
    depth: z.number().int().optional(),
    brokers: z.number().int().optional(),
    notes: z.array(z.string()),
    jobs: z.record(z.string(), z.number()),
  }),
  async run({ uri }, call) {
    const about = await call.flux(uri).about({ signal: call.signal });
    return { ...about, notes: [...about.notes] };
  },
  say: ({ version = "?", state = "?", brokers = 0, owner = "?", jobs, notes }) =>
    [
      `Flux ${version}, ${state}, ${String(brokers)} brokers, owner ${owner}.`,
      `Jobs: ${
        Object.entries(jobs)
          .filter(([, count]) => count > 0)
          .map(([name, count]) => `${String(count)} ${name}`)
          .join(", ") || "none"
      }.`,
      ...notes,
    ].join("\n"),
});
