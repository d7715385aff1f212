import { z } from "zod";

/** The version of the format that is written; a reader takes this one alone. */
export const recordingVersion = 1;

const Params = z.record(z.string(), z.unknown());
const globs = z.array(z.string());

/** A server of a recording, and what of it was served. */
const RecordedServer = z.object({
  name: z.string().min(1).max(64),
  transport: z.enum(["stdio", "http", "sse"]),
  tools: z.object({
    allow: globs,
    deny: globs,
    changes: z.record(
      z.string(),
      z.object({
        name: z.string().optional(),
        description: z.string().optional(),
        enabled: z.boolean().optional(),
      }),
    ),
  }),
});
export type RecordedServer = z.infer<typeof RecordedServer>;

/** The first line. */
export const RecordingHeader = z.object({
  mcpRecording: z.literal(recordingVersion),
  /** ISO-8601 UTC. */
  recordedAt: z.string(),
  /** Who wrote it. */
  by: z.string(),
  servers: z.array(RecordedServer),
});
export type RecordingHeader = z.infer<typeof RecordingHeader>;

/** How a server introduced itself. */
const Identity = z.object({ kind: z.literal("identity"), server: z.string(), info: Params });

/** A list of a server, whole; a later one of the same method takes its place. */
const List = z.object({
  kind: z.literal("list"),
  server: z.string(),
  method: z.enum(["tools/list", "prompts/list", "resources/list", "resources/templates/list"]),
  items: z.array(Params),
});

/** A request of a server and how it ended: with a result, an error, or a result too large to be kept. */
const Exchange = z.object({
  kind: z.literal("call"),
  server: z.string(),
  /** ISO-8601 UTC, when it began. */
  at: z.string(),
  durationMs: z.number(),
  method: z.string(),
  params: Params,
  progress: z
    .array(z.object({ progress: z.number(), total: z.number().optional(), message: z.string().optional() }))
    .optional(),
  result: Params.optional(),
  error: z.object({ code: z.string(), message: z.string(), details: Params.optional() }).optional(),
  /** Bytes of the result that was left out. */
  cutBytes: z.number().optional(),
});
export type Exchange = z.infer<typeof Exchange>;

/** The recording ended before the gateway did. */
const End = z.object({ kind: z.literal("end"), reason: z.string() });

/** Any line but the first. */
export const RecordingLine = z.discriminatedUnion("kind", [Identity, List, Exchange, End]);
export type RecordingLine = z.infer<typeof RecordingLine>;
export type ListMethod = z.infer<typeof List>["method"];
