import { z } from "zod";
import { resolveId } from "../allocations.ts";
import { Ignored } from "../answers.ts";
import { Confirm, NodeId } from "../arguments.ts";
import { operation } from "../operation.ts";
import { nanoseconds } from "../times.ts";

/**
 * Moves all allocations off a node, or calls that off. Nomad counts the deadline in nanoseconds: 0 is none, and
 * less than 0 kills at once.
 */
export const drainNode = operation({
  name: "drain_node",
  description: "Moves all allocations off a Nomad node, or calls a drain off. Draining needs confirm: true.",
  toolset: "nodes",
  route: { method: "POST", path: "/api/nodes/{node_id}/drain" },
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({
    node_id: NodeId,
    enable: z.boolean().default(true).describe("False calls a drain off, for example: true"),
    deadline_seconds: z
      .number()
      .positive()
      .max(31_536_000)
      .optional()
      .describe(
        "Seconds after which what is left is killed; default 3600, as Nomad's own program; for example: 600",
      ),
    no_deadline: z.boolean().default(false).describe("Waits for ever instead, for example: false"),
    force: z.boolean().default(false).describe("Kills everything at once, for example: false"),
    ignore_system_jobs: z.boolean().default(false).describe("Leaves system jobs running, for example: true"),
    mark_eligible: z
      .boolean()
      .default(true)
      .describe("When a drain is called off: whether the node takes work again, for example: true"),
    confirm: Confirm,
  }),
  output: z.object({
    node_id: z.string(),
    draining: z.boolean(),
    /** Absent where there is none, 0 when forced. */
    deadline_seconds: z.number().optional(),
  }),
  destroys: ({ enable, node_id, force }) =>
    enable
      ? `would ${force ? "kill every allocation on" : "move every allocation off"} node ${node_id} and close it to new ones.`
      : undefined,
  async run(args, call) {
    const id = await resolveId(call, { kind: "node", id: args.node_id });
    const seconds = drainSeconds(args);
    const Deadline = args.force ? -1 : nanoseconds(seconds ?? 0);
    await call.nomad.read(Ignored, {
      method: "POST",
      path: ["node", id, "drain"],
      body: args.enable
        ? { DrainSpec: { Deadline, IgnoreSystemJobs: args.ignore_system_jobs } }
        : { DrainSpec: null, MarkEligible: args.mark_eligible },
      signal: call.signal,
      doing: `drain node ${id}`,
      needs: "node:write",
    });
    const deadline = args.enable && seconds !== undefined ? { deadline_seconds: seconds } : {};
    return { node_id: id, draining: args.enable, ...deadline };
  },
  say: ({ node_id, draining, deadline_seconds }) =>
    draining
      ? `${node_id} is draining${deadline_seconds === undefined ? ", without a deadline" : `, for at most ${String(deadline_seconds)} s`}.`
      : `${node_id} is not draining.`,
});

function drainSeconds(args: {
  readonly force: boolean;
  readonly no_deadline: boolean;
  readonly deadline_seconds?: number | undefined;
}): number | undefined {
  if (args.force) return 0;
  return args.no_deadline ? undefined : (args.deadline_seconds ?? 3600);
}
