import { z } from "zod";
import { Listing, listingOf, sayMessage } from "../answers.ts";
import { Org } from "../arguments.ts";
import { accountCommands } from "../commands/account.ts";
import { operation } from "../operation.ts";

/** Keys that may log in to new clusters. */
export const sshKeyList = operation({
  name: "ssh_key_list",
  description: "Lists the SSH public keys saved on the TensorPool account; new clusters take them.",
  toolset: "account",
  effect: "read",
  input: z.strictObject({ org: Org }),
  output: Listing,
  run: async ({ org }, call) => listingOf(await call.backend.send(accountCommands.listKeys(org), call)),
  say: sayMessage,
});
