import { z } from "zod";
import { Requested, requestedOf, sayMessage } from "../answers.ts";
import { ClusterId, StorageId, Wait } from "../arguments.ts";
import { storageCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

/** Mounts a volume. */
export const storageAttach = operation({
  name: "storage_attach",
  description: "Mounts a TensorPool shared volume (NFS) on the nodes of a cluster.",
  toolset: "storage",
  effect: "write",
  idempotent: true,
  long: true,
  input: z.strictObject({ cluster_id: ClusterId, storage_id: StorageId, wait: Wait }),
  output: Requested,
  run: async (args, call) => requestedOf(await call.backend.send(storageCommands.attach(args), call)),
  say: sayMessage,
});
