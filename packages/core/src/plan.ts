import { z } from "zod";

const Text = z.string();
const Name = Text.regex(
  /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
  "must be letters, digits, dots, dashes or underscores",
);

/** What a step does; `plan` asks a planner for the steps that take its place. */
export const StepType = z.enum(["prompt", "tool", "agent", "plan"]);
export type StepType = z.infer<typeof StepType>;

/** One step of a plan. Absent transitions mean: on success the next step, on failure the plan fails. */
export const Step = z
  .strictObject({
    name: Name,
    description: Text.optional(),
    type: StepType,
    prompt: Text.optional(),
    tool: Text.optional(),
    agent: Text.optional(),
    instruction: Text.optional(),
    /** Values, or templates such as `{{steps.build.outputs.image}}`. */
    inputs: z.record(Text, z.unknown()).default({}),
    allow_tools: z.boolean().default(true),
    tools: z.array(Text).optional(),
    persist: z.boolean().default(false),
    max_attempts: z.number().int().positive().optional(),
    rules: z.record(Text, z.array(Text)).optional(),
    transitions: z.record(Text, Text).optional(),
  })
  .refine((step) => step.type === "plan" || step[step.type] !== undefined, {
    message: "a step names the prompt, tool or agent of its type",
  });
export type Step = z.infer<typeof Step>;

/** Terminal states every plan has beside its steps. */
export const terminalSteps = ["success", "failure"] as const;

/** A plan: steps and the transitions between them. Every transition names a step or a terminal state. */
export const Plan = z
  .strictObject({
    name: Name,
    description: Text.optional(),
    inputs: z.record(Text, z.unknown()).default({}),
    agents: z.array(z.union([Text, z.strictObject({ path: Text })])).default([]),
    steps: z.array(Step).min(1),
  })
  .superRefine((plan, context) => {
    const names = new Set<string>(terminalSteps);
    for (const [index, step] of plan.steps.entries()) {
      if (names.has(step.name)) {
        context.addIssue({
          code: "custom",
          path: ["steps", index, "name"],
          message: `"${step.name}" is taken`,
        });
      }
      names.add(step.name);
    }
    for (const [index, step] of plan.steps.entries()) {
      for (const [event, target] of Object.entries(step.transitions ?? {})) {
        if (names.has(target)) continue;
        const path = ["steps", index, "transitions", event];
        context.addIssue({ code: "custom", path, message: `no step is called "${target}"` });
      }
    }
  });
export type Plan = z.infer<typeof Plan>;
