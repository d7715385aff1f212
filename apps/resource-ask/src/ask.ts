import { ParleyError } from "@parley/core";
import type { OptionValues } from "@parley/cli";
import type { NegotiationAnswer } from "./client/answers.ts";
import type { AskRequest } from "./client/options.ts";
import type { askOptions, requestOptions } from "./options.ts";
import { clean } from "./render/clean.ts";
import { renderUnderstood } from "./render/request.ts";
import { readFields } from "./request/fields.ts";
import { readWords, requireRequest } from "./request/words.ts";
import type { CommandInput } from "./dependencies.ts";
import type { Session } from "./session.ts";

type AskValues = OptionValues<typeof requestOptions> & OptionValues<typeof askOptions>;

/** Reads words and flags into a request. */
export async function readAsk(input: CommandInput, values: AskValues): Promise<AskRequest> {
  const words = await readWords(input.args, input.dependencies);
  const requirements = readFields(values);
  requireRequest(words, requirements);
  return {
    words,
    requirements,
    workers: values.worker.length === 0 ? undefined : values.worker,
    labels: Object.keys(values.label).length === 0 ? undefined : values.label,
  };
}

/** Asks every site, saying how many have answered. */
export async function askSites(session: Session, request: AskRequest): Promise<NegotiationAnswer> {
  const negotiation = await session.during("Asking the sites", async (update) =>
    session.client.satisfy(request, {
      signal: session.signal,
      onProgress: (done, total) => update(`${done} of ${total} workers answered`),
    }),
  );
  if (Object.keys(negotiation.proposals).length === 0) {
    const whom = request.workers ?? Object.entries(request.labels ?? {}).map((pair) => pair.join("="));
    const filter = whom.length === 0 ? "" : ` that matches ${clean(whom.join(", "))}`;
    throw new ParleyError(
      "E_SELECT_NONE",
      `No worker${filter} is online: see "${session.command("list workers")}".`,
    );
  }
  return negotiation;
}

/** Stands below the table of refusals. */
export const nobodyCan: string =
  "No site can take the job. Change the request; --explain shows how every requirement fared.";

/** What was understood, when the hub says so. */
export function understoodLine(negotiation: NegotiationAnswer, session: Session): string {
  const { requirements } = negotiation;
  return requirements === undefined ? "" : `${renderUnderstood(requirements, session.io)}\n\n`;
}
