import { z } from "zod";
import { operation } from "../../operation.ts";
import { TextAnswer, readText, sayText } from "../text-answer.ts";

/** Explains a field. */
export const kubectlExplain = operation({
  name: "kubectl_explain",
  description: "Explains a kind of object or a field of it, from the cluster's own schema.",
  toolset: "kubernetes-cluster",
  effect: "read",
  input: z.strictObject({
    path: z
      .string()
      .max(253)
      .regex(/^[a-z][a-zA-Z0-9]*(?:\.[a-zA-Z][a-zA-Z0-9]*){0,15}$/, "is no field")
      .describe("Kind, with fields after dots, for example: job.spec.template"),
    recursive: z.boolean().default(false).describe("Lists all fields below, for example: true"),
  }),
  output: TextAnswer,
  run: ({ path, recursive }, call) =>
    readText(call, ["explain", path, ...(recursive ? ["--recursive"] : [])]),
  say: sayText,
});
