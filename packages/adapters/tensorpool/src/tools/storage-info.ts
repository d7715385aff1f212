import { z } from "zod";
import { Said, sayMessage } from "../answers.ts";
import { StorageId } from "../arguments.ts";
import { storageCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

/** Shows one volume. */
export const storageInfo = operation({
  name: "storage_info",
  description: "Shows one TensorPool shared volume (NFS).",
  toolset: "storage",
  effect: "read",
  input: z.strictObject({ storage_id: StorageId }),
  output: Said,
  async run({ storage_id }, call) {
    const { message } = await call.backend.send(storageCommands.info(storage_id), call);
    return { message };
  },
  say: sayMessage,
});
