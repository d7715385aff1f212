import { z } from "zod";
import { Fault } from "../machine/events.ts";

const Text = z.string();

/** Who runs a run: a process of a machine. */
export const RunOwner = z.object({ host: Text, pid: z.number().int() });
export type RunOwner = z.infer<typeof RunOwner>;

/** What is kept of a run beside its log, to list runs and to resume one. */
export const RunRecord = z.object({
  id: Text,
  plan: Text,
  /** `running` is also what a killed process leaves behind. */
  status: z.enum(["running", "stopped", "success", "failure"]),
  /** The step the run is at. */
  step: Text,
  /** Absolute paths, the plan's own first; none for a plan that is no file. */
  files: z.array(z.object({ path: Text, hash: Text })),
  /** Of a plan that is no file: the plan. */
  text: Text.optional(),
  startedAt: Text,
  updatedAt: Text,
  owner: RunOwner.optional(),
  /** The step that this run is the plan of. */
  parent: z.object({ run: Text, step: Text }).optional(),
  error: Fault.optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;
