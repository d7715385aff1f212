import { z } from "zod";
import { Requested, requestedOf, sayMessage } from "../answers.ts";
import { Confirm, StorageId, Wait } from "../arguments.ts";
import { storageCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

/** Destroys a volume. */
export const storageDestroy = operation({
  name: "storage_destroy",
  description: "Destroys a TensorPool shared volume with everything on it; needs confirm: true.",
  toolset: "storage",
  effect: "destroy",
  idempotent: true,
  long: true,
  input: z.strictObject({ storage_id: StorageId, confirm: Confirm, wait: Wait }),
  output: Requested,
  destroys: ({ storage_id }) => `would destroy volume ${storage_id} and everything on it.`,
  run: async (args, call) => requestedOf(await call.backend.send(storageCommands.destroy(args), call)),
  say: sayMessage,
});
