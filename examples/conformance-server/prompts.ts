import { ask, definePrompt, embeddedResource, image, type Prompt } from "@parley/tool-registry";
import { z } from "zod";
import { png } from "./media.ts";

const user = "user" as const;

export const prompts: readonly Prompt[] = [
  definePrompt({
    name: "test_simple_prompt",
    description: "A prompt without arguments.",
    input: z.object({}),
    handler: () => "This is a simple prompt for testing.",
  }),
  definePrompt({
    name: "test_prompt_with_arguments",
    description: "A prompt with two arguments.",
    input: z.object({
      arg1: z.string().describe("First test argument"),
      arg2: z.string().describe("Second test argument"),
    }),
    complete: { arg1: ["paris", "park", "party"], arg2: (typed) => [`${typed}1`, `${typed}2`] },
    handler: ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  }),
  definePrompt({
    name: "test_prompt_with_embedded_resource",
    description: "A prompt that carries a resource.",
    input: z.object({ resourceUri: z.string().describe("URI of the resource to embed") }),
    handler: ({ resourceUri }) => [
      {
        role: user,
        content: embeddedResource({
          uri: resourceUri,
          mimeType: "text/plain",
          data: "Embedded resource content for testing.",
        }),
      },
      { role: user, content: { type: "text", text: "Please process the embedded resource above." } },
    ],
  }),
  definePrompt({
    name: "test_prompt_with_image",
    description: "A prompt that carries a picture.",
    input: z.object({}),
    handler: () => [
      { role: user, content: image(png, "image/png") },
      { role: user, content: { type: "text", text: "Please analyze the image above." } },
    ],
  }),
  definePrompt({
    name: "test_input_required_result_prompt",
    description: "A prompt that asks for its context.",
    input: z.object({}),
    handler: async (_args, context) => {
      const { user_context } = await context.input({
        user_context: ask.form({
          message: "What context should the prompt use?",
          schema: z.object({ context: z.string() }),
        }),
      });
      return `Use this context: ${user_context.content?.context ?? "none"}`;
    },
  }),
];
