import { ParleyError } from "@parley/core";
import { addUsage, completeJson } from "@parley/llm";
import type { ChatMessage, ChatUsage } from "@parley/llm";
import { z } from "zod";
import type { LoadedPlan } from "../../plan-file/load-plan.ts";
import { parsePlan } from "../../plan-file/load-plan.ts";
import { problemText } from "../../plan-file/problem.ts";
import type { Catalog } from "../../servers/catalog.ts";
import { sentence } from "../../servers/outputs.ts";
import { placeOf } from "../context.ts";
import type { Attempt, Done, RunContext } from "../context.ts";
import { serverProblems } from "../preflight.ts";
import { askPerson } from "../question.ts";

const Made = z.object({
  steps: z
    .array(
      z.looseObject({
        name: z.string(),
        type: z.enum(["tool", "prompt", "agent"]),
        tool: z.string().optional(),
        prompt: z.string().optional(),
        instruction: z.string().optional(),
        inputs: z.record(z.string(), z.unknown()).optional(),
        transitions: z.record(z.string(), z.string()).optional(),
      }),
    )
    .min(1)
    .max(50),
});

const system =
  "You plan work as steps. Each has a name and calls one tool (type tool, with its arguments as inputs), follows one " +
  "prompt (type prompt), or works towards an instruction (type agent). An input may take from an earlier step: " +
  '"{{ steps.NAME.outputs.KEY }}". Steps follow one another unless transitions (success, failure) name another step. ' +
  "Use only these tools and prompts, and as few steps as will do.";

/** How often a plan is sent back before the step has failed. */
const rounds = 6;

/** Has a model make the steps, has them checked, and has a person approve them. */
export async function makePlan(
  context: RunContext,
  attempt: Attempt,
): Promise<{ loaded: LoadedPlan; used: Done["used"] }> {
  const { model } = context.options;
  const { step, instruction, signal } = attempt;
  if (model === undefined)
    throw new ParleyError("E_CONFIG_INVALID", `Step ${step.name} needs a model that plans.`);
  const goal = [instruction, ...goals(attempt.inputs)].filter((text) => text !== undefined).join("\n\n");
  const messages: ChatMessage[] = [{ role: "user", content: `${goal}\n\n${offered(context.catalog)}` }];
  let usage: ChatUsage = {};
  let last = "";
  for (let round = 0; round < rounds; round += 1) {
    const reply = await completeJson(model, { system, messages: [...messages], shape: Made }, { signal });
    usage = addUsage(usage, reply.usage);
    const text = JSON.stringify({ name: step.name, steps: reply.value.steps }, null, 2);
    context.ui.onStepUpdate({ ...placeOf(context, attempt), kind: "reply", text });
    const { loaded, problems: own } = await parsePlan(text, `${step.name} (made by a model)`);
    const problems = loaded === undefined ? own : serverProblems(loaded, context.catalog);
    const wrong =
      loaded === undefined || problems.length > 0
        ? problems.map(problemText).join("\n")
        : await objection(context, attempt, loaded);
    if (loaded !== undefined && wrong === undefined) return { loaded, used: { calls: 0, ...usage } };
    last = wrong ?? "";
    messages.push(
      { role: "assistant", content: text },
      { role: "user", content: `That will not do: ${last}` },
    );
  }
  throw new ParleyError(
    "E_PLAN_FAILED",
    `No plan for ${step.name} was found to be good in ${rounds} rounds; of the last it was said: ${sentence(last)}`,
  );
}

function goals(inputs: Readonly<Record<string, unknown>>): readonly string[] {
  const { goal, instruction, prompt, ...rest } = inputs;
  const said = [goal, instruction, prompt].filter((text) => typeof text === "string");
  return Object.keys(rest).length === 0 ? said : [...said, `Inputs: ${JSON.stringify(rest)}`];
}

function offered({ tools, prompts }: Catalog): string {
  const lines = [
    ...tools
      .slice(0, 200)
      .map(
        ({ tool }) =>
          `tool ${tool.name}: ${(tool.description ?? "").slice(0, 300)} ${JSON.stringify(tool.inputSchema).slice(0, 1500)}`,
      ),
    ...prompts
      .slice(0, 100)
      .map(
        ({ name, description = "", arguments: args }) =>
          `prompt ${name}: ${description.slice(0, 300)} (${args.map((one) => one.name).join(", ")})`,
      ),
  ];
  return lines.join("\n");
}

/** What a person has against a plan; nothing when they approve it. */
async function objection(
  context: RunContext,
  attempt: Attempt,
  { plan }: LoadedPlan,
): Promise<string | undefined> {
  const steps = [...plan.steps.values()].map(({ name, spec }, index) => {
    const target = spec.tool ?? spec.prompt ?? spec.agent ?? spec.instruction ?? "";
    return `${index + 1}. ${name} (${spec.type} ${target})`;
  });
  const answer = await askPerson(context, attempt, {
    kind: "plan",
    text: `The plan is:\n${steps.join("\n")}\nRun it? Say yes, no, or what should be different.`,
    options: ["yes", "no"],
    free: true,
  });
  if (/^y(?:es)?$/i.test(answer.trim())) return undefined;
  if (/^no?$/i.test(answer.trim())) {
    throw new ParleyError("E_PLAN_FAILED", `The plan for ${attempt.step.name} was not approved.`);
  }
  return answer;
}
