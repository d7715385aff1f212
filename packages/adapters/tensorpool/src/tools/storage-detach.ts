import { z } from "zod";
import { Requested, requestedOf, sayMessage } from "../answers.ts";
import { ClusterId, Confirm, StorageId, Wait } from "../arguments.ts";
import { storageCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

/** Takes a volume off a cluster. */
export const storageDetach = operation({
  name: "storage_detach",
  description:
    "Takes a TensorPool shared volume (NFS) off the nodes of a cluster; jobs that use it lose it, so it needs confirm: true.",
  toolset: "storage",
  effect: "destroy",
  idempotent: true,
  long: true,
  input: z.strictObject({ cluster_id: ClusterId, storage_id: StorageId, confirm: Confirm, wait: Wait }),
  output: Requested,
  destroys: ({ cluster_id, storage_id }) =>
    `would take volume ${storage_id} away from what runs on ${cluster_id}.`,
  run: async (args, call) => requestedOf(await call.backend.send(storageCommands.detach(args), call)),
  say: sayMessage,
});
