import { ask, defineTool, type Questions, type Tool } from "@parley/tool-registry";
import { z } from "zod";

const nothing = z.object({});
const said = (what: string, { action, content }: { action: string; content?: unknown }): string =>
  `${what}: action=${action}, content=${JSON.stringify(content ?? {})}`;

const titled = (...choices: readonly (readonly [string, string])[]): z.ZodType<string> => {
  const [first, ...rest] = choices.map(([value, title]) => z.literal(value).meta({ title }));
  return first === undefined ? z.never() : z.union([first, ...rest]);
};

const colours = z.enum(["option1", "option2", "option3"]);
const legacy = z
  .enum(["opt1", "opt2", "opt3"])
  .meta({ enumNames: ["Option One", "Option Two", "Option Three"] });
const values = [
  ["value1", "First Option"],
  ["value2", "Second Option"],
  ["value3", "Third Option"],
] as const;

/** Tools that ask one question by the short calls. */
export const asksOnce: readonly Tool[] = [
  defineTool({
    name: "test_sampling",
    description: "Asks the client's model.",
    input: z.object({ prompt: z.string().describe('What to ask, for example "Say hello"') }),
    handler: async ({ prompt }, context) => {
      const { text } = await context.sample({ prompt, maxTokens: 100 });
      return `LLM response: ${text}`;
    },
  }),
  defineTool({
    name: "test_missing_capability",
    description: "Cannot do without the client's model.",
    input: nothing,
    handler: async (_args, context) => (await context.sample({ prompt: "Say hello", maxTokens: 10 })).text,
  }),
  defineTool({
    name: "test_elicitation",
    description: "Asks the user.",
    input: z.object({ message: z.string().describe('What to ask, for example "Who are you?"') }),
    handler: async ({ message }, context) => {
      const schema = z.object({
        username: z.string().describe("User's response"),
        email: z.string().describe("User's email address"),
      });
      return said("User response", await context.elicit({ message, schema }));
    },
  }),
  defineTool({
    name: "test_streaming_elicitation",
    description: "Reports progress, then asks the user.",
    input: nothing,
    handler: async (_args, context) => {
      context.progress(0, 1, "about to ask");
      const schema = z.object({ answer: z.string() });
      return said("User response", await context.elicit({ message: "Please answer", schema }));
    },
  }),
  defineTool({
    name: "test_elicitation_sep1034_defaults",
    description: "Asks with a default for every type.",
    input: nothing,
    handler: async (_args, context) => {
      const schema = z.object({
        name: z.string().default("John Doe").describe("User name"),
        age: z.int().default(30).describe("User age"),
        score: z.number().default(95.5).describe("User score"),
        status: z.enum(["active", "inactive", "pending"]).default("active").describe("User status"),
        verified: z.boolean().default(true).describe("Verification status"),
      });
      const message = "Please review and update the form fields with defaults";
      return said("Elicitation completed", await context.elicit({ message, schema }));
    },
  }),
  defineTool({
    name: "test_elicitation_sep1330_enums",
    description: "Asks with every form of choice.",
    input: nothing,
    handler: async (_args, context) => {
      const schema = z.object({
        untitledSingle: colours,
        titledSingle: titled(...values),
        legacyEnum: legacy,
        untitledMulti: z.array(colours),
        titledMulti: z.array(titled(...values)),
      });
      const message = "Please choose from the options";
      return said("Elicitation completed", await context.elicit({ message, schema }));
    },
  }),
];

const confirm = { confirm: ask.form({ message: "Please confirm", schema: z.object({ ok: z.boolean() }) }) };
const userName = ask.form({ message: "What is your name?", schema: z.object({ name: z.string() }) });

/** Tools that ask under keys of their own. */
export const asksByKey: readonly Tool[] = [
  defineTool({
    name: "test_input_required_result_elicitation",
    description: "Greets the user by a name it asks for.",
    input: nothing,
    handler: async (_args, context) => {
      const { user_name } = await context.input({ user_name: userName });
      return user_name.action === "accept" ? `Hello, ${user_name.content.name}!` : "Hello, whoever you are!";
    },
  }),
  defineTool({
    name: "test_input_required_result_sampling",
    description: "Asks the client's model for a capital.",
    input: nothing,
    handler: async (_args, context) => {
      const question = ask.model({ prompt: "What is the capital of France?", maxTokens: 100 });
      return (await context.input({ capital_question: question })).capital_question.text;
    },
  }),
  defineTool({
    name: "test_input_required_result_list_roots",
    description: "Lists the client's roots.",
    input: nothing,
    handler: async (_args, context) => {
      const { client_roots } = await context.input({ client_roots: ask.roots() });
      return client_roots.map(({ uri }) => uri).join("\n");
    },
  }),
  defineTool({
    name: "test_input_required_result_request_state",
    description: "Keeps a value while it asks.",
    input: nothing,
    handler: async (_args, context) => {
      const token = await context.once("token", () => "state-ok");
      await context.input(confirm);
      return token;
    },
  }),
  defineTool({
    name: "test_input_required_result_tampered_state",
    description: "Goes on only with a state of its own.",
    input: nothing,
    handler: async (_args, context) => {
      await context.input(confirm);
      return "state-ok";
    },
  }),
  defineTool({
    name: "test_input_required_result_multiple_inputs",
    description: "Asks the user, the model and the client at once.",
    input: nothing,
    handler: async (_args, context) => {
      const { user_name, greeting, client_roots } = await context.input({
        user_name: userName,
        greeting: ask.model({ prompt: "Generate a greeting", maxTokens: 50 }),
        client_roots: ask.roots(),
      });
      const name = user_name.content?.name ?? "nobody";
      return `${greeting.text} ${name}, ${client_roots.length} roots`;
    },
  }),
  defineTool({
    name: "test_input_required_result_multi_round",
    description: "Asks twice, one after the other.",
    input: nothing,
    handler: async (_args, context) => {
      const { step1 } = await context.input({
        step1: ask.form({ message: "Step 1: What is your name?", schema: z.object({ name: z.string() }) }),
      });
      const { step2 } = await context.input({
        step2: ask.form({
          message: "Step 2: What is your favorite color?",
          schema: z.object({ color: z.string() }),
        }),
      });
      return `${step1.content?.name ?? "Nobody"} likes ${step2.content?.color ?? "nothing"}`;
    },
  }),
  defineTool({
    name: "test_input_required_result_capabilities",
    description: "Asks only in ways its client knows.",
    input: nothing,
    handler: async (_args, context) => {
      const questions: Questions = {
        ...(context.canAsk("form") ? { user_name: userName } : {}),
        ...(context.canAsk("model") ? { greeting: ask.model({ prompt: "Generate a greeting" }) } : {}),
        ...(context.canAsk("roots") ? { client_roots: ask.roots() } : {}),
      };
      const answers = await context.input(questions);
      return `asked: ${Object.keys(answers).join(", ") || "nothing"}`;
    },
  }),
];
