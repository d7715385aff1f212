import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Requested, requestedOf, sayMessage } from "../answers.ts";
import { DeletionProtection, Name, StorageId } from "../arguments.ts";
import { storageCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

/** Renames, protects or grows a volume. */
export const storageEdit = operation({
  name: "storage_edit",
  description:
    "Changes the name, deletion protection or size of a TensorPool shared volume; it can only grow, and then costs more.",
  toolset: "storage",
  effect: "write",
  idempotent: true,
  input: z.strictObject({
    storage_id: StorageId,
    name: Name.optional(),
    deletion_protection: DeletionProtection.optional(),
    size_gb: z.number().int().min(1).max(10_000_000).optional().describe("New size in GB, for example: 1000"),
  }),
  output: Requested,
  async run(args, call) {
    if (Object.values(args).filter((value) => value !== undefined).length < 2) {
      throw new ParleyError("E_ARGUMENT_INVALID", "storage_edit needs name, deletion_protection or size_gb.");
    }
    return requestedOf(await call.backend.send(storageCommands.edit(args), call));
  },
  say: sayMessage,
});
