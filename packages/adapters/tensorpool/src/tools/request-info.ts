import { z } from "zod";
import { textOf } from "../answers.ts";
import { RequestId } from "../arguments.ts";
import { accountCommands } from "../commands/account.ts";
import { operation } from "../operation.ts";

/** How far a change has come. */
export const requestInfo = operation({
  name: "request_info",
  description:
    "Shows how far TensorPool has come with a change it began (creating, destroying, attaching). Only with TENSORPOOL_BACKEND=http.",
  toolset: "account",
  effect: "read",
  input: z.strictObject({ request_id: RequestId }),
  output: z.object({ message: z.string(), status: z.string().optional() }),
  async run({ request_id }, call) {
    const reply = await call.backend.send(accountCommands.request(request_id), call);
    const status = textOf(reply, "status");
    return { message: reply.message, ...(status === undefined ? {} : { status }) };
  },
  say: ({ message, status }) => (status === undefined ? message : `${status}: ${message}`),
});
