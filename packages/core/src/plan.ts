import { z } from "zod";

const Text = z.string();
const Name = Text.regex(
  /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
  "must be letters, digits, dots, dashes or underscores",
).max(100);
const Title = Text.regex(/^[^\p{Cc}]+$/u, "must be one line of text").max(200);
const Longer = Text.min(1).max(100_000);
const count = (most: number) => z.number().int().min(1).max(most);

/**
 * What a step does: `tool` calls one, `prompt` has a model follow a prompt of a server, `agent` has a model work towards a
 * goal, `plan` runs another plan, or has a model plan the steps.
 */
export const StepType = z.enum(["prompt", "tool", "agent", "plan"]);
export type StepType = z.infer<typeof StepType>;

/** One step of a plan. Absent transitions mean: on success the next step, on failure the plan fails. */
export const Step = z
  .strictObject({
    name: Name,
    description: Text.max(1000).optional(),
    type: StepType.default("agent"),
    initial: z.boolean().optional().describe("The run begins here; default the first step"),
    server: Name.optional().describe("Which server has the prompt or tool, where several do"),
    prompt: Longer.optional().describe("Of type prompt: a prompt of a server"),
    tool: Longer.optional().describe("Of type tool: a tool of a server"),
    agent: Longer.optional().describe("Of type agent: one of the plan's agents; absent, one without a role"),
    plan: Longer.optional().describe(
      "Of type plan: a plan file, relative to this one; absent, a model makes the steps",
    ),
    instruction: Longer.optional().describe("What is to be done, beside the prompt; may hold templates"),
    inputs: z
      .record(Text, z.unknown())
      .default({})
      .describe("Arguments: values, or templates such as {{ steps.build.outputs.image }}"),
    allow_tools: z.boolean().default(true).describe("Whether the model may call tools"),
    tools: z.array(Longer).max(200).optional().describe("The tools the model may call; default all"),
    persist: z
      .boolean()
      .default(false)
      .describe("Whether the conversation goes on when the step is come to again"),
    ask: z.boolean().default(false).describe("Whether the model may ask the user"),
    confirm: Longer.optional().describe("A question that is answered with yes before the step begins"),
    judge: Longer.optional().describe("What must hold of the result, in words; a model decides"),
    max_attempts: count(100).optional().describe("Tries before the step has failed; default 1"),
    max_turns: count(1000).optional().describe("Turns of the model in one try; default 30"),
    max_visits: count(10_000).optional().describe("How often a loop may come here"),
    retry_seconds: z.number().min(0).max(86_400).optional().describe("Pause before the second try, doubled"),
    timeout_seconds: z.number().positive().max(604_800).optional().describe("Longest single try"),
    repeat: z
      .literal("safe")
      .optional()
      .describe("The call may be made again when nobody knows whether it was done"),
    rules: z
      .record(Text, z.array(Longer).min(1).max(50))
      .optional()
      .describe("By event, conditions on the outputs; the first that holds says what happened"),
    transitions: z.record(Text, Text).optional().describe("By event, the step to go to, success or failure"),
  })
  .superRefine((step, context) => {
    const optional = step.type === "plan" || step.type === "agent";
    const goal =
      step.instruction ?? step.inputs["goal"] ?? step.inputs["prompt"] ?? step.inputs["instruction"];
    if (step[step.type] !== undefined || (optional && goal !== undefined)) return;
    const needed = optional ? `"${step.type}" or an instruction` : `"${step.type}"`;
    context.addIssue({ code: "custom", message: `a step of type ${step.type} needs ${needed}` });
  });
export type Step = z.infer<typeof Step>;

/** Terminal states every plan has beside its steps. */
export const terminalSteps = ["success", "failure"] as const;

/** An agent that steps name: a model in the role that a prompt gives it. */
export const PlanAgent = z.strictObject({
  name: Name,
  description: Text.max(1000).optional(),
  server: Name.optional(),
  prompt: Longer.optional().describe("The prompt of a server that is its role"),
  instruction: Longer.optional(),
  tools: z.array(Longer).max(200).optional(),
  ask: z.boolean().optional(),
  max_turns: count(1000).optional(),
});
export type PlanAgent = z.infer<typeof PlanAgent>;

/** What a run of a plan may use up. */
const Limits = z.strictObject({
  transitions: count(100_000).default(1000).describe("Steps it may come to in all"),
  seconds: z.number().positive().optional(),
  calls: count(1_000_000).optional().describe("Calls of tools"),
  tokens: count(1_000_000_000).optional().describe("Tokens that models read and write"),
  cost_usd: z.number().positive().optional().describe("What models may cost; needs their prices"),
});

const reserved = new Set<string>([...terminalSteps, "failed"]);

/** A plan: steps and the transitions between them. Every transition names a step or a terminal state. */
export const Plan = z
  .strictObject({
    name: Title,
    description: Text.max(10_000).optional(),
    inputs: z
      .record(Text, z.unknown())
      .default({})
      .describe("What may be given to a run, with what holds if it is not; null must be given"),
    outputs: z
      .record(Text, z.unknown())
      .optional()
      .describe("What the plan gives, as templates; default the outputs of its last step"),
    limits: Limits.prefault({}),
    agents: z
      .array(z.union([Longer, z.strictObject({ path: Longer }), PlanAgent]))
      .max(100)
      .default([])
      .describe("Agents that steps name: definitions, or files with one each"),
    steps: z.array(Step).min(1).max(1000),
  })
  .superRefine((plan, context) => {
    const names = new Set<string>();
    for (const [index, step] of plan.steps.entries()) {
      if (reserved.has(step.name) || names.has(step.name)) {
        const path = ["steps", index, "name"];
        context.addIssue({ code: "custom", path, message: `"${step.name}" is taken` });
      }
      names.add(step.name);
    }
    const known = new Set([...names, ...reserved]);
    for (const [index, step] of plan.steps.entries()) {
      for (const [event, target] of Object.entries(step.transitions ?? {})) {
        if (known.has(target)) continue;
        const path = ["steps", index, "transitions", event];
        const there = [...names, ...terminalSteps].slice(0, 20).join(", ");
        const message = `no step is called "${target}"; there is ${there}`;
        context.addIssue({ code: "custom", path, message });
      }
    }
  });
export type Plan = z.infer<typeof Plan>;
