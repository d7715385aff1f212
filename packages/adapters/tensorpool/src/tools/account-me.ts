import { z } from "zod";
import { Said } from "../answers.ts";
import { accountCommands } from "../commands/account.ts";
import { Lease, sayLease } from "../leases.ts";
import { operation } from "../operation.ts";

/** Whose key it is. */
export const accountMe = operation({
  name: "account_me",
  description:
    "Shows the TensorPool account the key belongs to, which also checks the key, and the clusters made through this server that still cost money.",
  toolset: "account",
  effect: "read",
  input: z.strictObject({}),
  output: Said.extend({ leases: z.array(Lease) }),
  async run(_args, call) {
    const { message } = await call.backend.send(accountCommands.me(), call);
    return { message, leases: await call.leases.list() };
  },
  say: ({ message, leases }) => [message, ...leases.map(sayLease)].join("\n"),
});
