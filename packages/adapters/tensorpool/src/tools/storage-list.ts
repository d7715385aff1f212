import { z } from "zod";
import { Listing, listingOf, sayMessage } from "../answers.ts";
import { Org } from "../arguments.ts";
import { storageCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

/** Lists volumes. */
export const storageList = operation({
  name: "storage_list",
  description: "Lists the TensorPool shared volumes (NFS) of the account, or of its organization.",
  toolset: "storage",
  effect: "read",
  input: z.strictObject({ org: Org }),
  output: Listing,
  run: async ({ org }, call) => listingOf(await call.backend.send(storageCommands.list(org), call)),
  say: sayMessage,
});
