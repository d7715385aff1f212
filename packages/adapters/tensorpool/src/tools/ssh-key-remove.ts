import { z } from "zod";
import { Said, sayMessage } from "../answers.ts";
import { Confirm, SshKeyId } from "../arguments.ts";
import { accountCommands } from "../commands/account.ts";
import { operation } from "../operation.ts";

/** Takes a key off the account. */
export const sshKeyRemove = operation({
  name: "ssh_key_remove",
  description: "Removes an SSH public key from the TensorPool account; needs confirm: true.",
  toolset: "account",
  effect: "destroy",
  administered: true,
  idempotent: true,
  input: z.strictObject({ key_id: SshKeyId, confirm: Confirm }),
  output: Said,
  destroys: ({ key_id }) => `would remove SSH key ${key_id}; its owner can log in to no new cluster.`,
  async run({ key_id }, call) {
    const { message } = await call.backend.send(accountCommands.removeKey(key_id), call);
    return { message };
  },
  say: sayMessage,
});
