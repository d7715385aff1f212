import type { CommandInput } from "../dependencies.ts";
import { commandOptions } from "../options.ts";
import { readFields } from "../request/fields.ts";
import { readWords, requireRequest } from "../request/words.ts";
import { confirmSending, requireTerminal, sendJob } from "../send.ts";
import { readOptions, withHub } from "../session.ts";
import { finish } from "./negotiate.ts";

/** Runs a job at the site the caller names. */
export async function runDispatch(input: CommandInput): Promise<void> {
  const values = readOptions(input, commandOptions.dispatch);
  const [workerId = "", ...rest] = input.args;
  const words = await readWords(rest, input.dependencies);
  const requirements = readFields(values);
  if (values.negotiation === undefined) requireRequest(words, requirements);
  await withHub(input, async (session) => {
    if (values.ask) {
      requireTerminal(session);
      await confirmSending(session, workerId);
    }
    const dispatch = await sendJob(session, {
      workerId,
      words: words === "" ? undefined : words,
      requirements,
      negotiationId: values.negotiation,
      idempotencyKey: values.idempotencyKey,
    });
    await finish(session, { dispatch }, values);
  });
}
