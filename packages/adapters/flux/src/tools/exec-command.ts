import { z } from "zod";
import { Confirm, Uri } from "../arguments.ts";
import { commandFailed, commandOutput, fluxCommand, sayCommand } from "../commands.ts";
import { operation } from "../operation.ts";
import { Command } from "../submission.ts";

/** Runs a command on the nodes of an instance, outside of any job; its owner alone may. */
export const execCommand = operation({
  name: "flux_exec_command",
  description:
    "Runs a command on brokers of a Flux instance, beside its jobs and outside their limits; for its owner, to look after nodes. For work, use flux_run_job. Needs confirm: true.",
  toolset: "admin",
  effect: "destroy",
  input: z.strictObject({
    command: Command,
    uri: Uri,
    ranks: z
      .string()
      .regex(
        /^(?:all|\d{1,7}(?:-\d{1,7})?(?:,\d{1,7}(?:-\d{1,7})?){0,200})$/,
        "is all, or ranks such as 0-3,7",
      )
      .default("all")
      .describe("Brokers to run it on, for example: 0-3"),
    directory: z
      .string()
      .regex(/^\/[^\0\r\n]*$/, "is an absolute path")
      .max(4096)
      .optional()
      .describe("Directory to run it in, for example: /tmp"),
    timeout_seconds: z
      .number()
      .min(1)
      .max(300)
      .default(30)
      .describe("Seconds until it is ended, for example: 30"),
    confirm: Confirm,
  }),
  output: commandOutput,
  destroys: ({ command, ranks }) =>
    `would run ${JSON.stringify(command[0] ?? "")} on ${ranks === "all" ? "all brokers" : `brokers ${ranks}`}.`,
  run: ({ command, uri, ranks, directory, timeout_seconds }, call) =>
    fluxCommand(
      call,
      [
        "exec",
        `--rank=${ranks}`,
        ...(directory === undefined ? [] : [`--dir=${directory}`]),
        "--",
        ...command,
      ],
      { uri, timeoutMs: timeout_seconds * 1000 },
    ),
  failed: commandFailed,
  say: sayCommand,
});
