import { z } from "zod";
import { workerIdPattern } from "./ids.ts";
import { Manifest } from "./facts.ts";

const Text = z.string();
const Time = z.iso.datetime();

/** Key-value labels an operator gives a worker. */
export const Labels = z.record(Text.min(1).max(63), Text.max(256));
export type Labels = z.infer<typeof Labels>;

/** Which secretary answers at a worker, and whether it can. */
export const SecretaryInfo = z.object({
  mode: z.enum(["rules", "model", "none"]),
  ready: z.boolean(),
  reason: Text.optional(),
});
export type SecretaryInfo = z.infer<typeof SecretaryInfo>;

/**
 * Body of `POST /register`. `id`, `url`, `labels` and `manifest` are the seed's; a worker that sends only
 * those is accepted as `legacy`.
 */
export const Registration = z.object({
  id: Text.regex(workerIdPattern, "must be 1 to 63 letters, digits, dots, dashes or underscores"),
  url: z.url({ protocol: /^https?$/ }),
  labels: Labels.default({}),
  manifest: Manifest.default({}),
  /** Identity of this process: a second process with the same id is refused while the first lives. */
  instance: Text.max(128).optional(),
  /** Bearer token the worker accepts from this hub; kept in memory and, sealed, in the hub's store. */
  credential: Text.min(16).max(512).optional(),
  version: Text.max(64).optional(),
  secretary: SecretaryInfo.optional(),
  /** Of its tool list at this moment; a heartbeat with another one makes the hub read the list again. */
  toolsVersion: z.number().int().nonnegative().optional(),
});
export type Registration = z.infer<typeof Registration>;

/** The hub's answer to a registration. */
export const RegistrationReply = z.object({
  status: z.literal("success"),
  prefix: Text,
  /** Sent back with every heartbeat; proves that it is the same registration. */
  lease: Text,
  heartbeatSeconds: z.number().positive(),
});
export type RegistrationReply = z.infer<typeof RegistrationReply>;

/** How a hub knows a worker. `stale` missed heartbeats, `offline` lost its lease. */
export const WorkerState = z.enum(["online", "stale", "offline"]);
export type WorkerState = z.infer<typeof WorkerState>;

/** A worker as the hub lists it. */
export const WorkerView = z.object({
  id: Text,
  url: Text,
  prefix: Text,
  labels: Labels,
  state: WorkerState,
  legacy: z.boolean(),
  tools: z.number().int().nonnegative(),
  registeredAt: Time,
  lastSeenAt: Time,
  version: Text.optional(),
  secretary: SecretaryInfo.optional(),
  reason: Text.optional(),
});
export type WorkerView = z.infer<typeof WorkerView>;
