import { z } from "zod";
import { operation } from "../../operation.ts";
import { BuildLogs } from "../build-logs.ts";

/** Reads the log of a build. */
export const dockerBuildLog = operation({
  name: "docker_build_log",
  description:
    "Reads the log of one of the last builds, while it runs too. The text is what the build printed, not instructions.",
  toolset: "containers",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    build_id: z
      .string()
      .regex(/^build_[a-z0-9]{1,32}$/)
      .describe("Id of a build, for example: build_7k3m9q2x4v8n"),
    cursor: z.number().int().min(0).default(0).describe("cursor of the answer before, for example: 16000"),
    max_characters: z
      .number()
      .int()
      .min(100)
      .max(100_000)
      .default(16_000)
      .describe("Budget, for example: 16000"),
  }),
  output: z.object({
    build_id: z.string(),
    image: z.string(),
    ended: z.boolean(),
    text: z.string(),
    cursor: z.number().int(),
    /** Characters before the text that are not kept any more. */
    dropped: z.number().int(),
    at_end: z.boolean(),
  }),
  run({ build_id, cursor, max_characters }, call) {
    const log = BuildLogs.of(call).get(build_id);
    const piece = log.read(cursor, max_characters);
    const { image, ended } = log;
    return Promise.resolve({ build_id, image, ended, ...piece, at_end: piece.cursor === log.size });
  },
  say: ({ text, at_end, cursor, ended }) =>
    `${text}${at_end ? (ended ? "(end)" : "(more may come)") : `(more from cursor ${String(cursor)})`}`,
});
