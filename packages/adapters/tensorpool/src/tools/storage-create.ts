import { z } from "zod";
import { Requested, idOf, requestedOf } from "../answers.ts";
import { DeletionProtection, Name, Wait } from "../arguments.ts";
import { storageCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

/** Published price of a shared volume, in US dollars per GB and month. */
const usdPerGbMonth = 0.1;

/** Makes a volume. */
export const storageCreate = operation({
  name: "storage_create",
  description:
    "Makes a TensorPool shared volume (NFS), which costs money until it is destroyed; attach it to clusters with storage_attach.",
  toolset: "storage",
  effect: "write",
  long: true,
  input: z.strictObject({
    size_gb: z.number().int().min(1).max(10_000_000).describe("Size in GB, for example: 500"),
    name: Name.optional(),
    volume_type: z
      .enum(["fast", "flex"])
      .default("fast")
      .describe("Kind of volume; only tp until 0.0.8 asks; for example: fast"),
    deletion_protection: DeletionProtection.default(false),
    wait: Wait,
  }),
  output: Requested.extend({ storage_id: z.string().optional(), usd_per_month: z.number() }),
  async run(args, call) {
    const reply = await call.backend.send(storageCommands.create(args), call);
    const storage_id = idOf(reply, "storage_id", "s");
    const usd_per_month = Math.round(args.size_gb * usdPerGbMonth * 100) / 100;
    return { ...requestedOf(reply), usd_per_month, ...(storage_id === undefined ? {} : { storage_id }) };
  },
  say: ({ message, storage_id, usd_per_month }) =>
    `${message}\n${storage_id ?? "The volume"}: about $${usd_per_month.toFixed(2)} a month.`,
});
