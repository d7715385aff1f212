import { z } from "zod";
import { Said } from "../answers.ts";
import { Name, PublicKeyLine } from "../arguments.ts";
import { accountCommands } from "../commands/account.ts";
import { operation } from "../operation.ts";
import { readPublicKey } from "../ssh-key.ts";

/** Saves a key on the account. */
export const sshKeyAdd = operation({
  name: "ssh_key_add",
  description:
    "Saves an SSH public key on the TensorPool account, so that its owner may log in to new clusters.",
  toolset: "account",
  effect: "write",
  administered: true,
  input: z.strictObject({ ssh_public_key: PublicKeyLine, name: Name.optional() }),
  output: Said.extend({ fingerprint: z.string() }),
  async run({ ssh_public_key, name }, call) {
    const { line, fingerprint } = readPublicKey(ssh_public_key);
    const { message } = await call.backend.send(accountCommands.addKey(line, name), call);
    return { message, fingerprint };
  },
  say: ({ message, fingerprint }) => `${message}\nKey: ${fingerprint}`,
});
